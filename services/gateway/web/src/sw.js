// Keeps the shell (hashed files and the page itself) for off-line starts.
// Answers of the API and of sessions never pass through here.
const VERSION = '__VERSION__';
const FILES = [/* __FILES__ */];
const CACHE = `shell-${VERSION}`;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(['/', ...FILES]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    // Pages of the server itself (API documents, the plain diary) are left alone.
    if (/^\/(v1|session|docs|d|api|ical|openapi)(\/|\.|$)/.test(url.pathname)) return;
    event.respondWith(
      fetch(request).catch(() => caches.match('/').then((shell) => shell ?? Response.error())),
    );
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(caches.match(url.pathname).then((hit) => hit ?? fetch(request)));
  }
});
