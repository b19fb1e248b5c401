// The service worker of both pages: what is said while a page is closed, and a page for when there is no line.
// It answers for nothing but the two pages' own addresses and what that last page is made of, and these only when the
// server can't be reached: calls, streams and uploads go past it.

const VERSION = "$version"; // of what it keeps; the server fills it in
const KEPT = `motcua-${VERSION}`;
const ROOT = new URL("./", self.location).pathname;
const HOMES = [ROOT, `${ROOT}canbo`];
const OFFLINE = `${ROOT}mat-mang`;
const PARTS = [OFFLINE, `${ROOT}page/chat.css`, `${ROOT}page/favicon.svg`, `${ROOT}page/offline.js`];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(PARTS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("motcua-") && name !== KEPT).map((name) => caches.delete(name)));
  };
  event.waitUntil(old());
});

self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.mode === "navigate" && event.request.method === "GET") {
    if (HOMES.includes(path)) event.respondWith(fetch(event.request).catch(() => kept(OFFLINE)));
  } else if (PARTS.includes(path)) {
    event.respondWith(fetch(event.request).catch(() => kept(path)));
  }
});

async function kept(path) {
  return (await caches.match(path)) || Response.error();
}

/** The page that this registration is for. */
const home = () => new URL(self.registration.scope).pathname;

/** Its open windows. */
async function windows() {
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return open.filter((one) => new URL(one.url).pathname === home());
}

self.addEventListener("push", (event) => {
  let said = {};
  try { said = event.data.json(); } catch (_) { /* nothing to read: that there is something is enough */ }
  event.waitUntil(show(said));
});

/** Whoever looks at the page has it before them already. */
async function show(said) {
  if ((await windows()).some((one) => one.visibilityState === "visible")) return;
  await self.registration.showNotification(said.title || "Một Cửa", {
    body: said.body || "Có tin mới.",
    tag: said.tag || "motcua",
    lang: "vi",
    icon: `${ROOT}page/icon-192.png`,
    badge: `${ROOT}page/badge-96.png`,
    renotify: true,
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open());
});

async function open() {
  const [first] = await windows();
  return first ? first.focus() : self.clients.openWindow(home());
}
