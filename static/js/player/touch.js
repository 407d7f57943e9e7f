// Pointers on the screen itself. Touch: a tap shows or hides the controls, a double tap seeks by the
// side that was tapped. Mouse: a click plays or pauses, a double click fills the screen.

const DOUBLE_MILLISECONDS = 300;
const JUMP = 10;

export function listen(screen, player, controls) {
  let lastTap = 0;
  let wasAsleep = false;

  // A click knows its pointer only in newer browsers, so the press is remembered.
  let touched = false;
  screen.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    wasAsleep = controls.asleep();
  });
  screen.addEventListener("click", (event) => (touched ? tap(event) : player.toggle()));
  screen.addEventListener("dblclick", () => !touched && player.toggleFullscreen());

  function tap({ clientX, timeStamp }) {
    const isSecond = timeStamp - lastTap < DOUBLE_MILLISECONDS;
    lastTap = timeStamp;
    if (isSecond) {
      const side = clientX < screen.clientWidth / 2 ? -1 : 1;
      controls.wake();
      return player.skip(side * JUMP);
    }
    return wasAsleep ? controls.wake() : controls.sleep();
  }
}
