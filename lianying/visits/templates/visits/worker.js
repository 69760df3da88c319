// Keeps the page on which visits are written down without a signal, and what it is made of. Version {{ version }}.
"use strict";
const NAME = "lianying-visits-{{ version }}", SHELL = "{{ shell }}";
const FILES = [{% for file in files %}"{{ file|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([SHELL, ...FILES])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const others = caches.keys().then((names) => names.filter((name) => name.startsWith("lianying-visits-") && name !== NAME));
  event.waitUntil(others.then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  const kept = () => caches.match(request.mode === "navigate" ? SHELL : pathname);
  if (pathname === SHELL || FILES.includes(pathname)) event.respondWith(kept().then((found) => found || fetch(request)));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(kept));
});
