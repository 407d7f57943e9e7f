// Loaded by every page: shelves that scroll by button and arrow key, and menus that close. All
// pages work without it.

import "./htmx.js";
import { words } from "./words.js";

// Rows far below are laid out when they come near (tiles.css). Measuring one would do it at once.
const starts = new Map();
const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      starts.get(target)();
    }
  },
  { rootMargin: "50% 0px" },
);

for (const shelf of document.querySelectorAll("[data-shelf]")) {
  const strip = shelf.querySelector("[data-strip]");
  const arrows = shelf.querySelector("[data-arrows]");
  const buttons = arrows.querySelectorAll("button");

  const update = () => {
    const room = strip.scrollWidth - strip.clientWidth;
    arrows.hidden = room <= 1;
    buttons[0].disabled = strip.scrollLeft <= 1;
    buttons[1].disabled = strip.scrollLeft >= room - 1;
  };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const left = Number(button.dataset.by) * strip.clientWidth * 0.85;
      strip.scrollBy({ left, behavior: calm.matches ? "auto" : "smooth" });
    });
  }
  strip.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const tiles = [...strip.querySelectorAll(".tile")];
    const next = tiles[tiles.indexOf(document.activeElement) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
  strip.addEventListener("scroll", update, { passive: true });
  starts.set(shelf, () => new ResizeObserver(update).observe(strip));
  near.observe(shelf);
}

const menus = document.querySelectorAll("[data-menu]");
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
for (const menu of menus) {
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (!menu.open) continue;
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// "Show more" replaces its button with tiles. The focus of a keyboard user moves to the first.
document.addEventListener("htmx:beforeRequest", (event) => {
  const more = event.target.closest(".grid-more");
  if (!more || !more.contains(document.activeElement)) return;
  const grid = more.parentElement;
  const place = [...grid.children].indexOf(more);
  const focusFirst = () => grid.children[place]?.querySelector("a")?.focus({ preventScroll: true });
  document.addEventListener("htmx:afterSettle", focusFirst, { once: true });
});

// When a part of a page cannot be fetched, a note says so in its place until the next try.
function complain(event) {
  clearComplaints();
  const note = document.createElement("p");
  note.className = "note note-error";
  note.dataset.complaint = "";
  note.setAttribute("role", "alert");
  note.textContent = event.detail.xhr?.status === 429 ? words.tooMany : words.broken;
  event.target.after(note);
}

function clearComplaints() {
  for (const note of document.querySelectorAll("[data-complaint]")) note.remove();
}

for (const name of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(name, complain);
}
document.addEventListener("htmx:beforeRequest", clearComplaints);

// A form whose input would be missed, or input that was not saved, needs the script for it.
if (document.querySelector("form[data-keep]") || "draft" in sessionStorage) import("./drafts.js");

// After a sign-in in another tab, this page's token is out of date and the cookie has the new one.
document.addEventListener(
  "submit",
  (event) => {
    const field = event.target.elements.csrfmiddlewaretoken;
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (field && cookie) field.value = cookie[1];
  },
  { capture: true },
);

// The last searches (searches.js) go from this browser with a sign-out and with an erasure.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-forget-searches]")) return;
  try {
    const ours = Object.keys(localStorage).filter((key) => key.startsWith("marquee-searches:"));
    for (const key of ours) localStorage.removeItem(key);
  } catch {
    // No storage: there is nothing to forget.
  }
});
