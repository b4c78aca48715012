// Settings, reminders: notices in this browser, by the Push API where there is one.

import { hashed } from "./hash.js";

const DENIED =
  "This browser was told to show no notices of this site. Allow them in its settings for this site, then reload this page.";

const form = document.getElementById("push-on");
const state = document.getElementById("push-state");

if (form) show();

async function show() {
  const missing = whatIsMissing();
  if (missing) return say(missing);
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager.getSubscription();
  const row = subscription && (await rowOf(subscription));
  if (row) {
    row.querySelector("h3").append(" ", chip("this one"));
    row.querySelector("form").addEventListener("submit", (event) => turnOff(event, subscription));
    return say("They are on in this browser. Each browser is turned on by itself.");
  }
  say("They are off in this browser. Each browser is turned on by itself.");
  form.hidden = false;
  form.addEventListener("submit", (event) => turnOn(event, pushManager));
}

function whatIsMissing() {
  if (!isSecureContext) {
    return "Notices need an address with https. On your own machine, open this page at http://localhost instead.";
  }
  const has = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!has && /iPhone|iPad/.test(navigator.userAgent)) {
    return "On an iPhone or iPad, add networkcrm to your home screen first (Share, Add to Home Screen), and open it from there.";
  }
  if (!has) return "This browser cannot show notices of a page that is closed.";
  if (Notification.permission === "denied") return DENIED;
  return "";
}

async function turnOn(event, pushManager) {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") {
      return say(
        Notification.permission === "denied" ? DENIED : "Nothing was turned on: you were asked, and did not say yes.",
      );
    }
    // Of another account, or of another key of this server: this one begins anew.
    await (await pushManager.getSubscription())?.unsubscribe();
    const subscription = await pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: form.dataset.key,
    });
    const { endpoint, keys } = subscription.toJSON();
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
    form.submit();
  } catch {
    say("The push service of this browser did not answer. Nothing was turned on: try again later.");
  } finally {
    button.disabled = false;
  }
}

async function turnOff(event, subscription) {
  event.preventDefault();
  const { target } = event;
  await subscription.unsubscribe().catch(() => {});
  target.submit();
}

async function rowOf({ endpoint }) {
  return document.querySelector(`[data-browser="${await hashed(endpoint)}"]`);
}

function chip(text) {
  const element = document.createElement("span");
  element.className = "chip good";
  element.textContent = text;
  return element;
}

function say(text) {
  state.textContent = text;
}
