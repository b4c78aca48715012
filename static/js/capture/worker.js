// Our service worker. /sw.js imports it and says which version of the app this is.

import { forgetNotices, showNotices } from "../notices.js";
import { flush } from "./outbox.js";

const OFFLINE = "/offline/";
const CAPTURE = "/capture/";
const LOGIN = "/accounts/login/";
// What is kept of what is private: the screens of an evening.
const KEPT = /^\/(?:capture\/|events\/[0-9a-f-]{36}\/(?:live|brief)\/)$/;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const MOST_PAGES = 20;
const PATIENCE = 4000;

/** `shell`: addresses of all that the kept screens are made of; `icon`: of notices. */
export function start({ version, shell, icon }) {
  const shellName = `shell-${version}`;
  const pagesName = `pages-${version}`;
  const files = new Set(shell.map((url) => new URL(url, location).pathname));

  showNotices(icon);
  addEventListener("install", (event) => event.waitUntil(install()));
  addEventListener("activate", (event) => event.waitUntil(activate()));
  addEventListener("sync", (event) => event.waitUntil(sync()));
  addEventListener("message", (event) => {
    if (event.data.keep) event.waitUntil(keepPages(event.data.keep));
  });
  addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== location.origin) return;
    if (request.mode === "navigate") event.respondWith(page(event, url.pathname));
    else if (files.has(url.pathname) || HASHED.test(url.pathname)) event.respondWith(file(request));
  });

  // The pages of the version before point to files of the version before: fetch them anew,
  // and stay with the old version while that is not possible.
  async function install() {
    const cache = await caches.open(shellName);
    await cache.addAll([...shell, OFFLINE].map((url) => new Request(url, { cache: "no-cache" })));
    const paths = new Set([CAPTURE]);
    for (const name of await caches.keys()) {
      if (!name.startsWith("pages-")) continue;
      for (const request of await (await caches.open(name)).keys()) {
        paths.add(new URL(request.url).pathname);
      }
    }
    await keepPages(paths);
    await skipWaiting();
  }

  async function activate() {
    const names = (await caches.keys()).filter((name) => /^(?:shell|pages)-/.test(name));
    const old = names.filter((name) => name !== shellName && name !== pagesName);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  }

  async function sync() {
    const { state } = await flush({ force: true });
    // The browser tries again later.
    if (state === "offline" || state === "broken") throw new Error(state);
  }

  async function keepPages(paths) {
    for (const path of paths) {
      if (!KEPT.test(path)) continue;
      await keep(path, await fetch(path, { headers: { accept: "text/html" } }));
    }
  }

  async function keep(path, response) {
    if (!response.ok || response.redirected || response.type !== "basic") return;
    const cache = await caches.open(pagesName);
    await cache.put(path, response);
    const known = await cache.keys();
    const extra = known.filter((one) => new URL(one.url).pathname !== CAPTURE);
    await Promise.all(extra.slice(0, -MOST_PAGES).map((one) => cache.delete(one)));
  }

  async function forgetPages() {
    const names = (await caches.keys()).filter((name) => name.startsWith("pages-"));
    await Promise.all(names.map((name) => caches.delete(name)));
  }

  async function page(event, path) {
    const kept = KEPT.test(path)
      ? await caches.match(path, { ignoreVary: true, cacheName: pagesName })
      : undefined;
    const asked = fetch(event.request).then((response) => {
      if (KEPT.test(path)) event.waitUntil(keep(path, response.clone()).catch(() => {}));
      // Who sees the way in is signed out: nothing private stays.
      if (path === LOGIN && response.ok) {
        event.waitUntil(Promise.all([forgetPages(), forgetNotices().catch(() => {})]));
      }
      return response;
    });
    event.waitUntil(asked.catch(() => {}));
    if (kept) return Promise.race([asked.catch(() => kept), soon(kept)]);
    return asked.catch(async () => (await caches.match(OFFLINE)) ?? Response.error());
  }

  // A network that only seems to be there does not hold anybody up.
  function soon(response) {
    return new Promise((resolve) => setTimeout(() => resolve(response), PATIENCE));
  }

  async function file(request) {
    const kept = await caches.match(request, { ignoreVary: true, cacheName: shellName });
    if (kept) return kept;
    const response = await fetch(request);
    if (response.ok && HASHED.test(new URL(request.url).pathname)) {
      const cache = await caches.open(shellName);
      await cache.put(request, response.clone());
    }
    return response;
  }
}
