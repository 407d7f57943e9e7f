{% autoescape off %}// Shows one page while there is no connection. It keeps that page and what it is made of, and
// nothing else: no page of a person, and no picture that was chosen for one.
const KEPT = "offline-{{ version }}";
const PAGE = "{% url 'catalog:offline' %}";
const FILES = [{% for file in files %}"{{ file|escapejs }}", {% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.keepalive && request.method === "POST") {
    // What a page sends while it is left: where a play was, and what was seen. A browser that hands
    // it back to the page it came from finds that page gone, and it would be lost.
    const sent = fetch(request);
    event.respondWith(sent);
    event.waitUntil(sent.catch(() => {}));
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (FILES.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreVary: true })));
  }
});

async function keep() {
  const cache = await caches.open(KEPT);
  // Without cookies, so that the page is nobody's.
  const page = new Request(PAGE, { credentials: "omit", cache: "reload" });
  await Promise.all([
    cache.add(page),
    ...FILES.map((file) => cache.add(new Request(file, { credentials: "omit" }))),
  ]);
  await self.skipWaiting();
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
}
{% endautoescape %}
