// Opens the page of a title's picture as a menu over the page, and shows the picture that was
// chosen there at once. Without this script the link leads to the page.

const menu = document.createElement("dialog");
menu.className = "picture-dialog";
menu.setAttribute("aria-labelledby", "picture-name");
const panel = document.createElement("div");
panel.dataset.picture = "";
const close = document.createElement("button");
close.type = "button";
close.className = "button button-quiet";
close.textContent = "Close";
close.addEventListener("click", () => menu.close());
menu.append(panel, close);
document.body.append(menu);

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-picture-menu]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  panel.replaceChildren();
  await window.htmx.ajax("GET", link.href, { source: link, target: panel, swap: "innerHTML" });
  if (!panel.firstElementChild) return; // A note beside the link says what went wrong.
  menu.showModal(); // The browser gives the focus back to the link when the menu closes.
  panel.querySelector(".picture-orders button")?.focus();
});

// A click beside the menu closes it.
menu.addEventListener("click", (event) => {
  if (event.target === menu) menu.close();
});

menu.addEventListener("htmx:afterSwap", () => {
  const made = panel.querySelector("template[data-picture-of]");
  if (!made || !menu.open) return;
  panel.querySelector("[data-said]").focus();
  for (const place of document.querySelectorAll(`[data-shows="${made.dataset.pictureOf}"]`)) {
    for (const old of place.querySelectorAll(".picture, .picture-wait, .board")) old.remove();
    place.prepend(made.content.cloneNode(true));
    delete place.dataset.decision; // It named the picture before.
  }
});
