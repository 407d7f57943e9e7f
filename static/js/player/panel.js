// What comes after the end: a dialog that holds the focus, and counts down to the next episode.

import { fill } from "./clock.js";

const COUNTDOWN_SECONDS = 10;

export class EndPanel {
  /** `next` is the next episode's address, or ""; `closed()` is called when it was dismissed. */
  constructor({ dialog, next, words, go, closed }) {
    Object.assign(this, { dialog, next, words, go });
    this.count = dialog.querySelector("[data-countdown]");
    this.declined = false;
    this.timer = null;
    dialog.addEventListener("close", () => {
      this.stop();
      closed();
    });
    dialog.querySelector("[data-stay]")?.addEventListener("click", () => dialog.close());
  }

  get open() {
    return this.dialog.open;
  }

  /** Open it. Whoever cancelled the countdown once is not carried on again on this page. */
  show() {
    if (this.open) return;
    this.dialog.showModal();
    if (this.next && !this.declined) this.#countDown();
  }

  /** Stop the countdown for good. */
  stop() {
    clearInterval(this.timer);
    this.declined = true;
    if (this.count) this.count.textContent = "";
  }

  #countDown() {
    let left = COUNTDOWN_SECONDS;
    const say = () => (this.count.textContent = fill(this.words.countdown, { seconds: left }));
    say();
    this.timer = setInterval(() => {
      if (document.hidden) return; // nobody watches: the next episode waits
      left -= 1;
      if (left > 0) return say();
      clearInterval(this.timer);
      return this.go(this.next);
    }, 1000);
  }
}
