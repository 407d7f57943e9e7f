// Opens the menu of a title (what the viewer can say about it, and its picture) over the page, and
// shows at once what was changed there. Without this script the links lead to pages.

import { htmxIsThere } from "./htmx.js";
import { words } from "./words.js";

const menu = document.createElement("dialog");
menu.className = "picture-dialog";
menu.setAttribute("aria-labelledby", "picture-name");
const panel = document.createElement("div");
panel.dataset.picture = "";
const close = document.createElement("button");
close.type = "button";
close.className = "button button-quiet";
close.textContent = words.close;
close.addEventListener("click", () => menu.close());
menu.append(panel, close);
document.body.append(menu);
let opener = null;

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-picture-menu]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const inside = menu.contains(link); // one menu leads to the other
  if (!inside) {
    opener = link;
    panel.replaceChildren();
  }
  const source = inside ? menu : link;
  try {
    await htmxIsThere();
  } catch {
    location.assign(link.href);
    return;
  }
  await window.htmx.ajax("GET", link.href, { source, target: panel, swap: "innerHTML" });
  if (!panel.firstElementChild) return; // A note beside the link says what went wrong.
  if (!menu.open) menu.showModal(); // The browser gives the focus back when the menu closes.
  panel.querySelector(".picture-orders button, .opinion button")?.focus();
});

// A click beside the menu closes it.
menu.addEventListener("click", (event) => {
  if (event.target === menu) menu.close();
});

menu.addEventListener("htmx:afterSwap", () => {
  showPicture(panel.querySelector("template[data-picture-of]"));
  showOpinion(panel.querySelector("[data-opinion]"));
});

// The tile from which the menu was opened may be gone. Then its neighbour has the focus.
menu.addEventListener("close", () => {
  const tile = opener?.closest("li");
  if (!tile?.hidden) return;
  const tiles = [...tile.parentElement.children];
  const after = [...tiles.slice(tiles.indexOf(tile)), ...tiles].find((each) => !each.hidden);
  (after?.querySelector("a") ?? document.getElementById("main")).focus();
});

function showPicture(made) {
  if (!made || !menu.open) return;
  panel.querySelector("[data-said]").focus();
  for (const place of document.querySelectorAll(`[data-shows="${made.dataset.pictureOf}"]`)) {
    for (const old of place.querySelectorAll("picture, .picture, .picture-wait, .board")) old.remove();
    place.prepend(made.content.cloneNode(true));
    delete place.dataset.decision; // It named the picture before.
  }
}

// What was hidden leaves the page, what was put aside leaves Continue watching; undone, it is back.
function showOpinion(said) {
  if (!said) return;
  const { title, hidden, aside } = said.dataset;
  for (const place of document.querySelectorAll(`[data-shows="${title}"]`)) {
    const tile = place.closest("li");
    const continues = place.querySelector(".tile-play");
    if (tile) tile.hidden = hidden === "1" || (aside === "1" && Boolean(continues));
  }
}
