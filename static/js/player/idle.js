// The controls hide while a film plays and nobody moves. Any key, pointer or focus brings them back.

const AFTER_MILLISECONDS = 3500;

/** `mayHide()` says that nothing needs the controls just now. Returns {wake, sleep, asleep}. */
export function idle(house, mayHide) {
  let timer = null;

  const asleep = () => house.classList.contains("is-idle");

  function sleep() {
    clearTimeout(timer);
    if (mayHide()) house.classList.add("is-idle");
    else wake();
  }

  function wake() {
    clearTimeout(timer);
    house.classList.remove("is-idle");
    timer = setTimeout(sleep, AFTER_MILLISECONDS);
  }

  for (const name of ["keydown", "focusin", "input"]) document.addEventListener(name, wake);
  house.addEventListener("pointermove", (event) => event.pointerType !== "touch" && wake());
  wake();
  return { wake, sleep, asleep };
}
