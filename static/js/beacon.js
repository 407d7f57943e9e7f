// Reports which artwork was seen: at least half of it visible for a second.
//
// A tile with `data-decision` (a signed token) is observed until it was seen once
// on this page view. Reports are sent in batches. The rest is sent when the page
// is hidden. Sending a token twice does no harm.

const VISIBLE_SHARE = 0.5;
const VISIBLE_MS = 1000;
const BATCH_MS = 2000;
const MOST_TOKENS = 100;
const TRIES = 3;

const { pageView, seenUrl } = document.body.dataset;
const timers = new Map();
const reported = new Set();
let waiting = new Set();
let batch = 0;

const observer = new IntersectionObserver(
  (entries) => entries.forEach(({ target, intersectionRatio }) => {
    if (intersectionRatio >= VISIBLE_SHARE) start(target);
    else cancel(target);
  }),
  { threshold: VISIBLE_SHARE },
);

function start(tile) {
  if (timers.has(tile) || document.hidden) return;
  timers.set(tile, setTimeout(() => seen(tile), VISIBLE_MS));
}

function cancel(tile) {
  clearTimeout(timers.get(tile));
  timers.delete(tile);
}

function seen(tile) {
  cancel(tile);
  observer.unobserve(tile);
  // A picture that was changed on this page is reported by the next page.
  if (!tile.dataset.decision || reported.has(tile.dataset.decision)) return;
  reported.add(tile.dataset.decision);
  waiting.add(tile.dataset.decision);
  batch ||= setTimeout(flush, BATCH_MS);
}

function flush() {
  clearTimeout(batch);
  batch = 0;
  const tokens = [...waiting];
  waiting = new Set();
  for (let at = 0; at < tokens.length; at += MOST_TOKENS) {
    send(tokens.slice(at, at + MOST_TOKENS), 1);
  }
}

async function send(tokens, attempt) {
  try {
    const response = await fetch(seenUrl, {
      method: "POST",
      keepalive: true, // outlives the page
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") },
      body: JSON.stringify({ page_view: pageView, tokens }),
    });
    await response.text(); // an answer that is not read keeps its connection
    if (response.status < 500 && response.status !== 429) return;
  } catch {
    // No network for the moment: try again below.
  }
  if (attempt < TRIES) setTimeout(() => send(tokens, attempt + 1), 2000 * 2 ** attempt);
}

function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

function watch(root) {
  root.querySelectorAll("[data-decision]").forEach((tile) => {
    const token = tile.dataset.decision;
    if (token && !reported.has(token)) observer.observe(tile);
  });
}

if (pageView && seenUrl) {
  watch(document);
  // Tiles that htmx brings later.
  document.addEventListener("htmx:load", ({ detail }) => watch(detail.elt.parentElement ?? document));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      [...timers.keys()].forEach(cancel);
      flush();
    } else {
      // Look again at what is still on the screen: nothing moves, so nobody else would say.
      observer.disconnect();
      watch(document);
    }
  });
  addEventListener("pagehide", flush);
}
