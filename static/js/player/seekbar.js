// The seek bar: a native slider, with chapter marks and the picture of the time under the pointer.

import { fill, markAt, readable } from "./clock.js";

export class SeekBar {
  /** `jump(position)` is called at the end of a move; `draw(canvas, position)` draws a frame. */
  constructor({ bar, slider, marks, preview, runtime, chapters, words, jump, draw }) {
    Object.assign(this, { bar, slider, marks, preview, runtime, chapters, words, jump, draw });
    this.seeking = false;
    if (runtime === null) {
      bar.hidden = true; // there is nothing to be a share of
      return;
    }
    slider.max = String(runtime);
    chapters.filter(({ start }) => start > 0).forEach((chapter) => this.#mark(chapter));
    slider.addEventListener("input", () => this.#move());
    slider.addEventListener("change", () => this.#let());
    bar.addEventListener("pointermove", (event) => this.#point(event));
    bar.addEventListener("pointerleave", () => this.#hide());
  }

  /** Show a position, unless somebody is moving the slider. */
  show(position) {
    if (this.runtime === null || this.seeking) return;
    const value = String(Math.floor(position));
    if (this.slider.value !== value || !this.slider.hasAttribute("aria-valuetext")) {
      this.slider.value = value;
      this.#say(position);
    }
  }

  #say(position) {
    const values = { at: readable(position), total: readable(this.runtime) };
    const chapter = markAt(this.chapters, position)?.name;
    const time = fill(this.words.position, values);
    this.slider.setAttribute("aria-valuetext", chapter ? `${time}, ${chapter}` : time);
    this.bar.style.setProperty("--share", String(position / this.runtime));
  }

  #mark({ start }) {
    const mark = document.createElement("i");
    mark.style.left = `${(100 * start) / this.runtime}%`;
    this.marks.append(mark);
  }

  #move() {
    this.seeking = true;
    const position = Number(this.slider.value);
    this.#say(position);
    this.#preview(position);
  }

  #let() {
    this.seeking = false;
    this.#hide();
    this.jump(Number(this.slider.value));
  }

  #point({ clientX, pointerType }) {
    if (pointerType === "touch" && !this.seeking) return;
    const { left, width } = this.slider.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (clientX - left) / width));
    this.#preview(share * this.runtime);
  }

  #preview(position) {
    this.preview.hidden = false;
    const [canvas, time] = this.preview.children;
    this.draw(canvas, position);
    const chapter = markAt(this.chapters, position)?.name;
    time.textContent = chapter ? `${readable(position)} · ${chapter}` : readable(position);
    const room = this.bar.clientWidth - this.preview.offsetWidth;
    const middle = (position / this.runtime) * this.bar.clientWidth;
    const left = Math.max(0, Math.min(room, middle - this.preview.offsetWidth / 2));
    this.preview.style.left = `${left}px`;
  }

  #hide() {
    if (!this.seeking) this.preview.hidden = true;
  }
}
