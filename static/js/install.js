// Registers the worker that shows a page while there is no connection. It keeps nothing personal.
const { worker } = document.querySelector("script[data-worker]").dataset;
if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register(worker).catch(() => {}));
}
