// On every page of the app: the worker that keeps it usable offline, and the moments at
// which what waits on the phone is sent.

import { flush, onChange, waiting } from "./capture/outbox.js";
import { hashed } from "./hash.js";

const { owner } = document.documentElement.dataset;

// Where there is no worker, the app works as long as there is a signal.
navigator.serviceWorker?.register("/sw.js", { type: "module" }).catch(() => {});

if (owner) {
  const send = (options) => flush(options).catch(() => {});
  addEventListener("online", () => send({ force: true }));
  addEventListener("pageshow", () => send());
  document.addEventListener("visibilitychange", () => document.hidden || send());
  onChange(() => warn());
  keepCapture();
  warn();
  nameBrowser().catch(() => {});
}

// Once after signing in, so that it opens without a signal though it never was opened.
function keepCapture() {
  if (sessionStorage.getItem("kept-for") === owner) return;
  navigator.serviceWorker?.ready.then(({ active }) => {
    active.postMessage({ keep: ["/capture/"] });
    sessionStorage.setItem("kept-for", owner);
  });
}

// Signing out turns the notices of this browser off: the worker here, the server there.
async function nameBrowser() {
  const form = document.querySelector('form[method="post"][action="/accounts/logout/"]');
  const registered = form && (await navigator.serviceWorker?.getRegistration());
  const subscription = await registered?.pushManager?.getSubscription();
  if (!subscription) return;
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "browser";
  field.value = await hashed(subscription.endpoint);
  form.append(field);
}

// Signing out leaves them here, where only this account finds them again.
async function warn() {
  const form = document.querySelector('form[method="post"][action="/accounts/logout/"]');
  if (!form) return;
  const left = await waiting(owner).catch(() => []);
  let note = form.querySelector("#still-waiting");
  if (!left.length) return note?.remove();
  if (!note) {
    note = document.createElement("p");
    note.id = "still-waiting";
    note.className = "note warning";
    note.setAttribute("role", "alert");
    form.prepend(note);
  }
  const who = left.length === 1 ? "One person still waits" : `${left.length} people still wait`;
  note.textContent =
    `${who} on this phone and ${left.length === 1 ? "is" : "are"} not on the server yet.` +
    " They stay here, and are sent when you sign in here again.";
}
