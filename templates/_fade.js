if ("onpagereveal" in window) {
  for (const name of ["pageswap", "pagereveal"]) {
    addEventListener(name, ({ viewTransition: fade }) => {
      if (fade) for (const end of [fade.updateCallbackDone, fade.ready, fade.finished]) end.catch(() => {});
    });
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("@media (prefers-reduced-motion: no-preference) { @view-transition { navigation: auto; } }");
  document.adoptedStyleSheets.push(sheet);
}
