// Full screen, where the browser has it and allows it.

/** `refused()` is called where the browser says no; `changed(on)` when it changed. */
export function fullscreen({ house, button, refused, changed }) {
  if (!house.requestFullscreen) {
    button.hidden = true;
    return refused;
  }
  document.addEventListener("fullscreenchange", () => changed(Boolean(document.fullscreenElement)));
  return async function toggle() {
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await house.requestFullscreen();
    } catch {
      refused();
    }
  };
}
