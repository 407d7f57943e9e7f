// Loads htmx when it is first needed. Most visits to most pages order nothing, and it is as large as
// the page itself. Pages whose parts ask on their own have it from the start (templates/_htmx.html).

const { htmx: address } = document.querySelector("script[data-htmx]").dataset;
const ORDERS = "[hx-post], [data-picture-menu]";

let coming = null;

/** Resolve when `window.htmx` is there; reject if it cannot be loaded. */
export function htmxIsThere() {
  coming ??= window.htmx ? Promise.resolve() : load();
  return coming;
}

async function load() {
  // It starts at once in a page that is complete, and not at all while the last pictures come.
  if (document.readyState !== "complete") {
    await new Promise((resolve) => addEventListener("load", resolve, { once: true }));
  }
  const script = document.createElement("script");
  script.src = address;
  document.head.append(script);
  try {
    await new Promise((resolve, reject) => Object.assign(script, { onload: resolve, onerror: reject }));
  } catch (error) {
    coming = null; // The next order tries again.
    throw error;
  }
}

// Whoever points at an order may give it next.
for (const sign of ["pointerover", "focusin"]) {
  document.addEventListener(sign, ({ target }) => {
    if (target.closest?.(ORDERS)) htmxIsThere().catch(() => {});
  });
}

// An order that is given before htmx is there waits for it. Without it, the form is sent as it is.
document.addEventListener(
  "submit",
  async (event) => {
    const { target: form, submitter } = event;
    if (window.htmx || !form.matches("[hx-post]") || form.dataset.plain) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await htmxIsThere().catch(() => (form.dataset.plain = "1"));
    // A click, since htmx takes from it which button was pressed.
    if (submitter) submitter.click();
    else form.requestSubmit();
  },
  { capture: true },
);
