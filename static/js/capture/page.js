// The screen on which I write down whom I just met. Every capture goes to the outbox first,
// so that it makes no difference whether there is a signal.

import { correct, flush, hold, keep, onChange, putBack, remove, waiting } from "./outbox.js";
import { bestOf, read } from "./reading.js";

const { owner } = document.documentElement.dataset;
const form = document.getElementById("capture-form");
const text = form.elements.namedItem("text");
const rest = form.elements.namedItem("remember");
const event = document.getElementById("id_event");
const chips = document.getElementById("understood");
const problem = document.getElementById("capture-error");
const note = document.getElementById("waiting");
const list = document.getElementById("waiting-list");
const pictureSaid = document.getElementById("picture-said");

const WORDS = {
  name: (value) => value,
  job_title: (value) => value,
  organization: (value) => `at ${value}`,
  emails: (value) => value,
  phones: (value) => value,
  links: (value) => value,
  introducer: (value) => `introduced by ${value}`,
  event_name: (value) => `met at ${value}`,
  needs: (value) => `needs ${value}`,
  offers: (value) => `offers ${value}`,
  promise: (value) => `promised: ${value}`,
  tags: (value) => `#${value}`,
};
const TONES = { introducer: "intro", offers: "good", promise: "person" };
const SEPARATOR = { needs: "; ", offers: "; ", emails: ", ", phones: ", ", links: " ", tags: ", " };
const HOLD = "Hold a card to the phone";
const EVENT_STAYS_CHOSEN = 8 * 60 * 60_000;

// What the hand has changed is not changed again by what is read.
let touched = new Set();
let movedToRest = [];
let readRest = "";
// What stood there when the hand took over.
let restThen = "";
let picture = null;
let corrected = null;
let touching = null;
let lastState = navigator.onLine ? "done" : "offline";
let nextTry = 0;

const field = (name) => form.elements.namedItem(name);
const holder = (name) => form.querySelector(`[data-field="${name}"]`);

// What is read ------------------------------------------------------------------------

function understand() {
  const found = read(text.value, [...people().keys()]);
  for (const name of Object.keys(WORDS)) {
    if (touched.has(name)) continue;
    const value = found[name === "event_name" ? "event" : name];
    field(name).value = Array.isArray(value) ? value.join(SEPARATOR[name]) : value;
  }
  readRest = found.remember;
  if (!touched.has("remember")) rest.value = [readRest, ...movedToRest].filter(Boolean).join("\n");
  draw();
}

/** Those who may have introduced somebody: name → id, people of tonight and those in line. */
function people() {
  const options = document.querySelectorAll("#people-here option");
  return new Map([...options].map((option) => [option.value, option.dataset.id]));
}

function draw() {
  chips.replaceChildren();
  for (const [name, words] of Object.entries(WORDS)) {
    const { value } = field(name);
    const isOpen = holder(name).classList.contains("open");
    const adder = form.querySelector(`[data-adds="${name}"]`);
    if (adder) adder.hidden = isOpen || Boolean(value);
    const says = value && !isOpen && !(name === "name" && value === text.value.trim());
    if (says) chips.append(chip(name, words(value)));
  }
}

function chip(name, words) {
  const whole = document.createElement("span");
  whole.className = `chip ${TONES[name] ?? ""}`;
  const said = document.createElement("button");
  said.type = "button";
  said.textContent = words;
  said.addEventListener("click", () => open(name));
  const away = document.createElement("button");
  away.type = "button";
  away.textContent = "×";
  away.setAttribute("aria-label", `Not ${words}`);
  away.addEventListener("click", () => takeAway(name));
  whole.append(said, away);
  return whole;
}

function open(name) {
  holder(name).classList.add("open");
  touched.add(name);
  field(name).focus();
  draw();
}

/** Understood wrongly: it is no such thing, but it was said, so it is to be remembered. */
function takeAway(name) {
  const { value } = field(name);
  field(name).value = "";
  touched.add(name);
  if (touched.has("remember")) rest.value = [rest.value, value].filter(Boolean).join("\n");
  else movedToRest.push(value);
  understand();
  text.focus();
}

// Keeping and sending -----------------------------------------------------------------

function complain(sentence, at = text) {
  problem.textContent = sentence;
  problem.hidden = !sentence;
  at.toggleAttribute("aria-invalid", Boolean(sentence));
  if (sentence) {
    at.setAttribute("aria-invalid", "true");
    at.focus();
  }
}

function gathered() {
  const values = { understood: "1", text: text.value, event: event.value };
  for (const name of Object.keys(WORDS)) values[name] = field(name).value.trim();
  const restNow = touched.has("remember") && readRest !== restThen ? readRest : "";
  values.remember = [restNow, rest.value].filter(Boolean).join("\n").trim();
  values.contact = field("contact").value;
  const named = bestOf(values.introducer, [...people().keys()]);
  values.introducer_id = (named && people().get(named)) || "";
  if (named) values.introducer = named;
  return values;
}

async function save() {
  const values = gathered();
  if (!values.name && !values.contact) {
    holder("name").classList.toggle("open", Boolean(values.text.trim()));
    draw();
    const at = values.text.trim() ? field("name") : text;
    complain("What is their name? A first name is enough, and so is “red scarf”.", at);
    return;
  }
  try {
    if (corrected && !(await correct(corrected, values, picture))) {
      corrected = null;
      complain("It was sent in the meantime. Change it on their page, or save it as somebody new.");
      return;
    }
    if (!corrected) await keep(owner, values, picture);
  } catch (error) {
    await sendUnkept(values, error);
    return;
  }
  clear();
  send();
}

/** The phone has no room: with a signal it goes to the server all the same. */
async function sendUnkept(values, error) {
  if (navigator.onLine) {
    const answers = await fetch("/capture/token/", { redirect: "manual" })
      .then((response) => response.json())
      .catch(() => ({}));
    if (answers.owner === owner) {
      for (const [name, value] of Object.entries(values)) if (field(name)) field(name).value = value;
      field("csrfmiddlewaretoken").value = answers.token;
      field("understood").value = "1";
      form.submit();
      return;
    }
  }
  const full = error.name === "QuotaExceededError";
  complain(
    full
      ? "This phone has no room left to keep this. It stays in the form: free some space, or leave out the picture, and save again."
      : "This browser does not let us keep anything on this phone. It stays in the form until you are online.",
  );
}

function clear() {
  form.reset();
  for (const one of form.querySelectorAll(".extra.open")) one.classList.remove("open");
  touched = new Set();
  movedToRest = [];
  readRest = "";
  corrected = null;
  field("contact").value = "";
  setPicture(null);
  complain("");
  restoreEvent();
  draw();
  text.focus();
}

async function send(options) {
  const done = await flush(options).catch(() => ({ state: "broken", saved: [] }));
  if (done.state === "empty") await show();
}

/** The server's list, drawn by the server. */
async function refresh() {
  const part = document.getElementById("tonight") ?? document.getElementById("captured");
  const query = part.id === "tonight" ? "" : `?event=${event.value || "none"}`;
  const headers = { "hx-request": "true", "hx-target": part.id };
  const response = await fetch(location.pathname + query, { headers, redirect: "manual" }).catch(() => {});
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const drawn = fresh.getElementById(part.id);
  if (drawn) document.getElementById(part.id).replaceWith(drawn);
}

function sayNotices(saved) {
  const messages = document.getElementById("messages");
  for (const notice of saved.flatMap((answer) => answer.notices ?? [])) {
    const box = document.createElement("div");
    box.className = "message warning";
    const line = document.createElement("p");
    line.textContent = notice;
    box.append(line);
    messages?.replaceChildren(box);
  }
}

// What waits --------------------------------------------------------------------------

function counted(count) {
  return count === 1 ? "One person waits here" : `${count} people wait here`;
}

function sentence(count) {
  const sent = count === 1 ? "is sent" : "are sent";
  if (lastState === "offline" || !navigator.onLine) {
    return count
      ? `Offline. ${counted(count)} and ${sent} later.`
      : "Offline. What you write is kept here and sent later.";
  }
  if (!count) return "";
  if (lastState === "login") return `${counted(count)}. Sign in, and ${count === 1 ? "it is" : "they are"} sent.`;
  if (lastState === "other") return `${counted(count)}. Another account is signed in now: sign in as yourself to send.`;
  if (lastState === "broken") {
    const minutes = Math.ceil((nextTry - Date.now()) / 60_000);
    const when = minutes > 1 ? ` in ${minutes} minutes` : " in a moment";
    return `The server did not take it. ${counted(count)} and ${sent} again${when}.`;
  }
  return `${counted(count)} and ${sent} now.`;
}

async function show() {
  const records = await waiting(owner).catch(() => []);
  const unsent = records.filter((record) => record.state === "waiting");
  nextTry = Math.min(...unsent.map((record) => record.nextAt));
  const said = sentence(unsent.length);
  note.hidden = !said;
  note.querySelector("span").textContent = said;
  const button = note.querySelector("[data-send]");
  const toSignIn = lastState === "login" || lastState === "other";
  button.hidden = !unsent.length || (lastState !== "broken" && !toSignIn);
  button.textContent = toSignIn ? "Sign in" : "Send now";
  button.onclick = () => {
    if (toSignIn) location.href = `/accounts/login/?next=${encodeURIComponent(location.pathname)}`;
    else send({ force: true });
  };
  drawList(records);
  offerWaiting(unsent);
}

function drawList(records) {
  list.hidden = !records.length;
  const template = list.querySelector("template");
  const rows = records.map((record) => {
    const row = template.content.cloneNode(true).firstElementChild;
    const { name, organization, remember } = record.values;
    row.querySelector("h3").textContent = name;
    const about = row.querySelector("p");
    about.textContent = [organization, remember].filter(Boolean).join(" · ");
    if (record.state === "refused") {
      about.className = "errorlist";
      about.textContent = `Not taken: ${record.reason}`;
    }
    const edit = row.querySelector("[data-edit]");
    edit.setAttribute("aria-label", `Edit ${name}`);
    edit.addEventListener("click", () => take(record));
    const away = row.querySelector("[data-remove]");
    away.setAttribute("aria-label", `Take back ${name}`);
    away.addEventListener("click", () => takeBack(record));
    return row;
  });
  list.querySelector("ul").replaceChildren(...rows);
}

/** Who waits here may have introduced the next. */
function offerWaiting(records) {
  const options = document.getElementById("people-here");
  for (const old of options.querySelectorAll("[data-waits]")) old.remove();
  const known = people();
  for (const { id, values } of records) {
    if (!values.name || known.has(values.name)) continue;
    const option = document.createElement("option");
    option.value = values.name;
    option.dataset.id = values.contact || id;
    option.dataset.waits = "";
    options.append(option);
  }
}

/** Back into the form, to be corrected. */
async function take(record) {
  if (text.value.trim() && !corrected) {
    complain("Save what you are writing first.");
    return;
  }
  await hold(record);
  clear();
  corrected = record;
  for (const [name, value] of Object.entries(record.values)) {
    if (field(name) && name !== "event") field(name).value = value;
  }
  for (const name of [...Object.keys(WORDS), "remember"]) touched.add(name);
  event.value = record.values.event ?? "";
  setPicture(record.picture);
  draw();
  complain(record.state === "refused" ? record.reason : "");
  form.scrollIntoView({ block: "start" });
}

async function takeBack(record) {
  await remove(record.id);
  const messages = document.getElementById("messages");
  const box = document.createElement("div");
  box.className = "message success";
  const line = document.createElement("p");
  line.textContent = `${record.values.name} is taken back.`;
  const button = document.createElement("button");
  button.className = "button";
  button.type = "button";
  button.textContent = "Undo";
  button.addEventListener("click", async () => {
    await putBack(record);
    box.remove();
    send();
  });
  box.append(line, button);
  messages?.replaceChildren(box);
}

// The card and the event --------------------------------------------------------------

function setPicture(blob) {
  picture = blob;
  field("picture").value = "";
  pictureSaid.hidden = !blob;
  pictureSaid.querySelector("span").textContent = blob ? "The card is kept with it." : "";
}

async function photographed(file) {
  if (!file) return;
  try {
    const { shrink } = await import("./picture.js");
    setPicture(await shrink(file));
    complain("");
  } catch {
    setPicture(null);
    complain("This is not a picture we can read. Take it again, or go on without it.");
  }
}

/** What was scanned or chosen fills what is empty, and is looked at before it is saved. */
function fill(fields) {
  for (const [name, value] of Object.entries(fields)) {
    if (name === "text") text.value = [text.value, value].filter(Boolean).join(", ");
    else if (name === "remember") movedToRest.push(value);
    else if (!field(name).value || !touched.has(name)) {
      field(name).value = value;
      touched.add(name);
    }
  }
  understand();
  const isNamed = Boolean(field("name").value);
  if (isNamed && !text.value) text.value = field("name").value;
  draw();
  complain("");
  text.focus();
  if (!isNamed) text.placeholder = "And what is their name?";
}

// Made when it is first asked for: the page is light without it.
const SCANNER = `
<dialog id="scan" aria-labelledby="scan-title">
  <h2 id="scan-title">Scan their code</h2>
  <video class="scanner" playsinline muted></video>
  <p class="soft" role="status"></p>
  <div class="field"><label for="scan-picture">Or choose a picture of it</label><input type="file" id="scan-picture" accept="image/*"></div>
  <div class="actions"><button class="button" type="button" data-closes>Close</button></div>
</dialog>`;

async function scan() {
  if (!document.getElementById("scan")) form.insertAdjacentHTML("afterend", SCANNER);
  const dialog = document.getElementById("scan");
  const said = dialog.querySelector("[role=status]");
  const chosen = dialog.querySelector("input");
  const stop = new AbortController();
  const take = async (code) => {
    try {
      const { understood } = await import("./codes.js");
      fill(understood(code));
      dialog.close();
    } catch (error) {
      said.textContent = error.message;
    }
  };
  dialog.addEventListener("close", () => stop.abort(), { once: true });
  chosen.value = "";
  chosen.onchange = async () => {
    const { readPicture } = await import("./scan.js");
    const code = await readPicture(chosen.files[0]).catch(() => "");
    if (code) await take(code);
    else said.textContent = "No code could be read in this picture. Take it again, closer and straight.";
  };
  said.textContent = "Hold the code in front of the camera.";
  dialog.showModal();
  try {
    const { watch } = await import("./scan.js");
    const code = await watch(dialog.querySelector("video"), stop.signal);
    if (code) await take(code);
  } catch {
    // What was said of a chosen picture stays.
    if (!chosen.files.length) said.textContent = "The camera cannot be used here. A picture of the code works too.";
  }
}

/** A card held to the phone; a second tap stops waiting for it. */
async function touch() {
  if (touching) {
    touching.abort();
    return;
  }
  const stop = (touching = new AbortController());
  byTouch.textContent = "Hold it to the back. Stop";
  complain("");
  try {
    const [{ held }, { understood }] = await Promise.all([import("./touch.js"), import("./codes.js")]);
    const said = await held(stop.signal);
    if (said) fill(understood(said));
  } catch (error) {
    complain(error.message);
  } finally {
    stop.abort();
    touching = null;
    byTouch.textContent = HOLD;
  }
}

async function fromAddressBook() {
  const [person] = await navigator.contacts.select(["name", "email", "tel"]).catch(() => []);
  if (!person) return;
  const given = {
    name: person.name?.[0],
    emails: person.email?.join(", "),
    phones: person.tel?.join(", "),
  };
  fill(Object.fromEntries(Object.entries(given).filter(([, value]) => value)));
}

function now(option) {
  return Date.now() >= Date.parse(option.dataset.from) && Date.now() <= Date.parse(option.dataset.until);
}

/** A page that was kept yesterday still knows which event is on today. */
function restoreEvent() {
  const asked = new URLSearchParams(location.search).get("event");
  const options = [...event.options];
  const chosen = JSON.parse(sessionStorage.getItem("capture-event") ?? "null");
  const pick = (value) => {
    const known = options.some((option) => option.value === value);
    if (known) event.value = value;
    return known;
  };
  if (location.pathname !== "/capture/") return;
  if (asked && pick(asked === "none" ? "" : asked)) return;
  if (chosen && Date.now() - chosen.at < EVENT_STAYS_CHOSEN && pick(chosen.value)) return;
  const on = options.filter((option) => option.value && now(option));
  if (!on.some((option) => option.selected)) pick(on.at(-1)?.value ?? "");
}

// What happens ------------------------------------------------------------------------

text.addEventListener("input", () => {
  complain("");
  understand();
});
text.addEventListener("keydown", (press) => {
  if (press.key !== "Enter" || press.shiftKey || press.isComposing) return;
  press.preventDefault();
  form.requestSubmit();
});
rest.addEventListener("input", () => {
  if (!touched.has("remember")) restThen = readRest;
  touched.add("remember");
});
form.addEventListener("input", (change) => {
  const { name } = change.target;
  if (name in WORDS) touched.add(name);
});
form.addEventListener("click", (click) => {
  const adder = click.target.closest("[data-adds]");
  if (adder) open(adder.dataset.adds);
});
form.addEventListener("submit", (submit) => {
  submit.preventDefault();
  delete form.dataset.sent;
  save();
});
field("picture").addEventListener("change", (change) => photographed(change.target.files[0]));
pictureSaid.querySelector("button").addEventListener("click", () => setPicture(null));
const scanner = form.querySelector("[data-scan]");
scanner.addEventListener("click", scan);
// What few browsers have gets its button only there.
function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}
const byTouch = button(HOLD, touch);
if ("NDEFReader" in globalThis) scanner.after(byTouch);
if ("contacts" in navigator && "ContactsManager" in globalThis)
  scanner.after(button("From my address book", fromAddressBook));
event.addEventListener("change", () => {
  const chosen = { value: event.value, at: Date.now() };
  sessionStorage.setItem("capture-event", JSON.stringify(chosen));
  refresh();
});

// One tap for somebody I know already.
document.addEventListener("submit", async (submit) => {
  const met = submit.target.closest("[data-met]");
  if (!met) return;
  submit.preventDefault();
  const { id, ...values } = Object.fromEntries(new FormData(met));
  delete values.csrfmiddlewaretoken;
  try {
    await keep(owner, { ...values, understood: "1" }, null, id);
  } catch {
    met.submit();
    return;
  }
  met.closest("li").remove();
  send();
});

onChange((detail) => {
  if (detail.state) lastState = detail.state;
  if (detail.saved?.length) {
    refresh();
    sayNotices(detail.saved);
  }
  show();
});
addEventListener("online", () => (lastState = "done") && show());
addEventListener("offline", () => show());

const shared = new URLSearchParams(location.search);
if (!text.value) {
  text.value = ["title", "text", "url"].map((name) => shared.get(name)).filter(Boolean).join("\n");
}
restoreEvent();
understand();
show();
send();
if (location.pathname === "/capture/") text.focus({ preventScroll: true });

// The screens of tonight, for when the signal is gone.
const { live } = event.selectedOptions[0]?.dataset ?? {};
if (live) {
  const screens = [live, live.replace("/live/", "/brief/"), "/capture/"];
  navigator.serviceWorker?.ready.then(({ active }) => active.postMessage({ keep: screens }));
}
