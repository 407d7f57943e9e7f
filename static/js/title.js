// A title's page: shows again where the viewer is when they come back to it, and copies its link.
// Without this script the page shows it when it is loaded again, and the link can be selected.

// The player sends its last position while it is left. It arrives a moment after this page shows,
// and later where the connection is slow.
const LOOKS_MILLISECONDS = [700, 2500, 7000];

let left = false;

function refresh() {
  if (!document.getElementById("title-now")) return;
  for (const wait of LOOKS_MILLISECONDS) {
    setTimeout(() => window.htmx.trigger(document.body, "watching-changed"), wait);
  }
}

addEventListener("pageshow", (event) => {
  const [entry] = performance.getEntriesByType("navigation");
  if (event.persisted || entry?.type === "back_forward" || cameFromPlayer()) refresh();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) left = true;
  else if (left) refresh();
});

function cameFromPlayer() {
  return document.referrer.startsWith(`${location.origin}/watch/`);
}

for (const share of document.querySelectorAll("[data-share]")) {
  const link = share.querySelector("input");
  const button = share.querySelector("[data-copy]");
  const said = share.querySelector("[data-copied]");
  button.hidden = false;
  link.addEventListener("focus", () => link.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.value);
      said.textContent = said.dataset.done;
    } catch {
      link.focus();
      said.textContent = said.dataset.failed;
    }
  });
}
