// The last searches of a profile. They stay in this browser; the server keeps none.
//
// A search is remembered when one of its results is opened or Enter is pressed, not while it is
// typed. They are forgotten by button, with a sign-out and with an erasure (page.js).

const MOST = 8;
const PREFIX = "marquee-searches:";

const section = document.querySelector("[data-searches]");
const field = document.querySelector("#q");
const found = document.querySelector("#found");
const key = PREFIX + section.dataset.searches;

function kept() {
  try {
    const read = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(read) ? read.filter((text) => typeof text === "string").slice(0, MOST) : [];
  } catch {
    return []; // no storage, or not ours
  }
}

function keep(texts) {
  try {
    localStorage.setItem(key, JSON.stringify(texts.slice(0, MOST)));
  } catch {
    // No storage: nothing is remembered.
  }
}

function remember() {
  const text = field.value.trim();
  if (text.length < 2) return;
  keep([text, ...kept().filter((other) => other.toLowerCase() !== text.toLowerCase())]);
}

function show() {
  const texts = kept();
  section.hidden = Boolean(field.value.trim()) || !texts.length;
  section.querySelector("ul").replaceChildren(
    ...texts.map((text) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.className = "chip";
      link.dir = "auto";
      link.href = `${section.dataset.address}?${new URLSearchParams({ q: text })}`;
      link.textContent = text;
      item.append(link);
      return item;
    }),
  );
}

field.form.addEventListener("submit", remember);
found.addEventListener("click", (event) => {
  if (event.target.closest("a")) remember();
});
field.addEventListener("input", show);
section.querySelector("button").addEventListener("click", () => {
  try {
    localStorage.removeItem(key);
  } catch {
    // No storage: there is nothing to forget.
  }
  show();
  field.focus();
});
addEventListener("pageshow", show);
show();
