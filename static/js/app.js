// What every page has: shortcuts, dialogs, and a word when the server is silent.

// "/" puts the cursor into the search box, as its <kbd> says.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
  const field = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select?.();
});

// Escape leaves the box and lets what was typed stand.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || !event.target.matches("[data-shortcut]")) return;
  event.preventDefault();
  event.target.blur();
});

// <a href="page" data-opens="id">: the dialog, or the page where this script is not.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    dialog.showModal();
  } else if (event.target.closest("[data-closes]")) {
    event.target.closest("dialog")?.close();
  } else if (event.target instanceof HTMLDialogElement) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right &&
      event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

// A form sent twice by an impatient thumb is sent once.
// Asked before htmx is, which would send it all the same.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 3000);
  },
  true,
);
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The second click of a double one is not for what the first one brought below it.
let swapped = false;
document.addEventListener("htmx:after:swap", () => (swapped = true));
document.addEventListener(
  "click",
  (event) => {
    if (event.detail < 2) swapped = false;
    if (!swapped) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

// What is swapped takes the focus with it: it goes to what stands in its place then,
// in a list to the same button of the next one. What is folded away stands nowhere.
const FOCUSABLE = "a[href], button, summary, input:not([type=hidden]), select, textarea";
const standing = (box) =>
  [...box.querySelectorAll(FOCUSABLE)].filter(
    (one) => !one.closest("details > :not(summary)") && one.checkVisibility(),
  );
let places = [];
document.addEventListener("htmx:before:swap", () => {
  const at = document.activeElement;
  const shown = at?.closest("details")?.querySelector(":scope > summary") ?? at;
  places = [[at?.id, -1]];
  // A row may go, and the list around it stays.
  for (let box = shown?.parentElement; box; box = box.parentElement) {
    if (box.id) places.push([box.id, standing(box).indexOf(shown)]);
  }
});
document.addEventListener("htmx:after:swap", () => {
  if (document.activeElement !== document.body) return;
  const [id, index] = places.find(([one]) => document.getElementById(one)) ?? [];
  const box = document.getElementById(id);
  const there = box ? standing(box) : [];
  const next = index < 0 ? box : there[Math.min(index, there.length - 1)];
  next?.focus({ preventScroll: true });
});

function say(text) {
  const messages = document.getElementById("messages");
  if (!messages) return;
  const line = document.createElement("p");
  line.textContent = text;
  const message = document.createElement("div");
  message.className = "message error";
  message.append(line);
  messages.replaceChildren(message);
  messages.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:error", () =>
  say("The server did not answer. Nothing was lost: try again in a moment."),
);
document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response.raw;
  if (status === 429) say("That was too often. Wait a minute, then try again.");
  else if (status >= 500) say("Something broke on the server. Nothing was saved: try again.");
  else if (status === 404) say("This is no longer there. Reload the page to see what is.");
  else if (status === 403) say("This page is too old to be answered. Reload it.");
});

// A part that turns out to be the log-in page means that the session ended.
document.addEventListener("htmx:before:response", (event) => {
  const { raw } = event.detail.ctx.response;
  if (raw.redirected && new URL(raw.url).pathname === "/accounts/login/") {
    event.preventDefault();
    location.reload();
  }
});
