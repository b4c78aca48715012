// What was captured waits on the phone until the server has it, whatever happens between.
// Each capture has its id from the start; the server answers a second sending like the first.

import { openDB } from "../../vendor/idb/index.js";

const STORE = "captures";
const PAUSES = [5, 15, 45, 120, 300, 900, 1800, 3600].map((seconds) => seconds * 1000);
const PATIENCE = 20_000;
const PATIENCE_WITH_PICTURE = 90_000;
// Two answers in a row that are none: the server is down, and not one capture at fault.
const MOST_MISSES = 2;
const HELD_FOR = 10 * 60_000;

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("captures") : null;
const here = new EventTarget();
let db;
let timer;

function opened() {
  db ??= openDB("networkcrm", 1, {
    upgrade(fresh) {
      fresh.createObjectStore(STORE, { keyPath: "id" });
    },
    // A newer version of the app wants to change the store: let it.
    blocking: () => close(),
    terminated: () => (db = undefined),
  }).catch((error) => {
    db = undefined;
    throw error;
  });
  return db;
}

async function close() {
  const open = db;
  db = undefined;
  (await open)?.close();
}

/** A UUID that sorts by time (RFC 9562, 5.7), as the server makes them. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let now = Date.now();
  for (let place = 5; place >= 0; place--) {
    bytes[place] = now % 256;
    now = Math.floor(now / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Called with {state, saved} whenever something changed, in any tab. */
export function onChange(listener) {
  here.addEventListener("change", (event) => listener(event.detail));
  channel?.addEventListener("message", (event) => listener(event.data));
}

function tell(detail = {}) {
  here.dispatchEvent(new CustomEvent("change", { detail }));
  channel?.postMessage(detail);
}

async function all() {
  const records = await (await opened()).getAll(STORE);
  return records.sort((one, other) => one.at - other.at);
}

/** The captures of this account that are still here, the first stands first. */
export async function waiting(owner) {
  return (await all()).filter((record) => record.owner === owner);
}

/** Keep a capture. Rejects when the phone has no room for it. */
export async function keep(owner, values, picture = null, id = newId()) {
  const last = (await all()).at(-1)?.at ?? 0;
  const at = Math.max(Date.now(), last + 1);
  const record = { id, owner, at, values, picture, state: "waiting", tries: 0, nextAt: 0 };
  await (await opened()).put(STORE, record);
  tell();
  const registration = await globalThis.navigator.serviceWorker?.getRegistration?.();
  // Where there is Background Sync, it is sent though the page is closed.
  registration?.sync?.register("captures").catch(() => {});
  return record;
}

/** Do not send it while it is being corrected, or not before long. */
export async function hold(record) {
  await changed({ ...record, nextAt: Date.now() + HELD_FOR, held: true });
}

/** Replace one by what was corrected; false when it was sent in the meantime. */
export async function correct(record, values, picture) {
  const open = await opened();
  const transaction = open.transaction(STORE, "readwrite");
  const before = await transaction.store.get(record.id);
  if (before) {
    const fresh = { ...before, values, picture, state: "waiting", tries: 0, nextAt: 0 };
    delete fresh.held;
    if (before.taken) {
      await transaction.store.delete(record.id);
      fresh.id = newId();
      delete fresh.taken;
    }
    await transaction.store.put(fresh);
  }
  await transaction.done;
  tell();
  return Boolean(before);
}

export async function remove(id) {
  await (await opened()).delete(STORE, id);
  tell();
}

export async function putBack(record) {
  await (await opened()).put(STORE, record);
  tell();
}

async function changed(record) {
  const transaction = (await opened()).transaction(STORE, "readwrite");
  if (await transaction.store.get(record.id)) await transaction.store.put(record);
  await transaction.done;
  tell();
}

/**
 * Send what waits, one flusher at a time over all tabs and the worker. Resolves to
 * {state, saved}: state is "empty", "done", "offline", "login", "other" (another
 * account is signed in), or "broken"; saved are the server's answers.
 */
export async function flush({ force = false } = {}) {
  const run = () => flushing(force);
  const { locks } = navigator;
  const done = await (locks ? locks.request("captures", run) : run());
  if (done.state !== "empty") tell(done);
  return done;
}

async function flushing(force) {
  const saved = [];
  if (!(await all()).some((record) => record.state === "waiting")) return { state: "empty", saved };
  const session = await signedIn();
  if (session.state) {
    if (session.state === "broken") later(PAUSES[1]);
    return { state: session.state, saved };
  }
  const mine = (await waiting(session.owner)).filter((record) => record.state === "waiting");
  if (!mine.length) return { state: "other", saved };
  let misses = 0;
  for (const record of mine) {
    if (record.nextAt > Date.now() && (record.held || !force)) continue;
    const answer = await send(record, session);
    if (answer.state === "saved") {
      await (await opened()).delete(STORE, record.id);
      saved.push(answer);
      misses = 0;
    } else if (answer.state === "refused") {
      const { reason, taken } = answer;
      await changed({ ...record, state: "refused", reason, taken });
    } else if (answer.state === "broken") {
      const tries = record.tries + 1;
      const pause = PAUSES[Math.min(tries, PAUSES.length) - 1];
      await changed({ ...record, tries, nextAt: Date.now() + pause });
      if (++misses >= MOST_MISSES) break;
    } else return { state: answer.state, saved };
  }
  const left = (await waiting(session.owner)).filter((record) => record.state === "waiting");
  if (!left.length) return { state: "done", saved };
  const next = Math.min(...left.map((record) => record.nextAt));
  later(Math.max(next - Date.now(), 1000));
  return { state: left.some((record) => record.tries) ? "broken" : "done", saved, next };
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(() => flush(), pause);
}

/** Who is signed in, with a fresh token of their session; or {state}. */
async function signedIn() {
  let response;
  try {
    response = await fetch("/capture/token/", {
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return { state: "offline" };
  }
  if (response.type === "opaqueredirect" || response.status === 401) return { state: "login" };
  // The page of a hotel's network answers too, and is not ours.
  const answer = await response.json().catch(() => ({}));
  return response.ok && answer.owner ? answer : { state: "broken" };
}

async function send(record, session) {
  const body = new FormData();
  for (const [name, value] of Object.entries(record.values)) body.append(name, value);
  body.set("id", record.id);
  body.set("owner", record.owner);
  body.set("captured_at", new Date(record.at).toISOString());
  if (record.picture) body.set("picture", record.picture, "card.jpg");
  let response;
  try {
    response = await fetch("/capture/", {
      method: "POST",
      body,
      redirect: "manual",
      headers: { accept: "application/json", "x-csrftoken": session.token },
      signal: AbortSignal.timeout(record.picture ? PATIENCE_WITH_PICTURE : PATIENCE),
    });
  } catch {
    return { state: "offline" };
  }
  if (response.type === "opaqueredirect" || response.status === 401) return { state: "login" };
  const answer = await response.json().catch(() => ({}));
  if (response.ok && answer.state === "saved" && answer.id === record.id) return answer;
  if (answer.state === "refused") return { ...answer, taken: response.status === 409 };
  if (response.status === 413) {
    return { state: "refused", reason: "The picture is too large for the server. Leave it out." };
  }
  if (response.status === 400) {
    return { state: "refused", reason: "The server could not read this. Change it, or take it back." };
  }
  return { state: "broken" };
}
