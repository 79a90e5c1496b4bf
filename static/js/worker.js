// Answers for the site where the network does not: what draws a page, the page to log a case on, and a page that says so.
const SHELL = `shell-${self.site.version}`;
const PAGES = "pages"; // the page to log a case on, as whoever is signed in has seen it last
const { shell, offline, log, signOut } = self.site;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([...shell, offline])));
  skipWaiting();
});

addEventListener("activate", (event) => {
  event.waitUntil(forgetOldShells().then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (shell.includes(path)) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  else if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(request, path));
  else if (path === signOut) event.waitUntil(caches.delete(PAGES)); // it says who was here
});

async function page(request, path) {
  try {
    const fresh = await fetch(request);
    if (path === log && fresh.ok && !fresh.redirected) await (await caches.open(PAGES)).put(log, fresh.clone());
    return fresh;
  } catch {
    const kept = path === log ? await caches.match(log) : undefined;
    return kept ?? (await caches.match(offline));
  }
}

async function forgetOldShells() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shell-") && name !== SHELL).map((name) => caches.delete(name)));
}
