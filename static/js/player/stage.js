// What is on the screen: the title's picture, shown in slow shots. No film is pretended.
//
// A frame is a pure function of the position, so pausing freezes it, seeking moves it, and the
// seek bar can show the frame of any time.

const FRAMES_PER_SECOND = 24;
const SHOT_SECONDS = 14;
const FADE_SECONDS = 1.2;
const MOTES = 36;
const INK = "#060504";
const AMBER = "255, 182, 72";

// Where each shot starts and ends: the middle of what is shown (shares) and the enlargement.
const SHOTS = [
  { from: [0.5, 0.5, 1], to: [0.5, 0.48, 1.12] },
  { from: [0.42, 0.44, 1.24], to: [0.58, 0.44, 1.24] },
  { from: [0.5, 0.56, 1.2], to: [0.5, 0.42, 1.2] },
  { from: [0.58, 0.44, 1.3], to: [0.52, 0.47, 1.1] },
  { from: [0.45, 0.5, 1.16], to: [0.5, 0.5, 1] },
];

export class Stage {
  /** `image` is the title's picture, or null; `name` is drawn where there is none, and first. */
  constructor({ canvas, image, name, titles }) {
    Object.assign(this, { canvas, image, name, titles });
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.shown = null;
    this.last = 0;
  }

  /** Draw the frame of a position, unless the one that is shown is new enough. */
  show(position, now) {
    const due = now - this.last >= 1000 / FRAMES_PER_SECOND;
    if (position === this.shown || !due || (this.calm.matches && this.shown !== null)) return;
    this.draw(this.canvas, position);
    this.shown = position;
    this.last = now;
  }

  /** Draw again, whatever is shown. */
  refresh() {
    this.shown = null;
  }

  /** Draw the frame of a position on any canvas. */
  draw(canvas, position) {
    const pen = canvas.getContext("2d");
    pen.globalAlpha = 1;
    pen.fillStyle = INK;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    if (!this.image) return this.#letters(pen, 1);
    if (this.calm.matches) return this.#shot(pen, SHOTS[0], 0, 1);
    const number = Math.floor(position / SHOT_SECONDS);
    const into = position - number * SHOT_SECONDS;
    if (into < FADE_SECONDS && number > 0) {
      this.#shot(pen, shotOf(number - 1), 1, 1);
    }
    const opacity = number > 0 ? Math.min(1, into / FADE_SECONDS) : 1;
    this.#shot(pen, shotOf(number), into / SHOT_SECONDS, opacity);
    this.#motes(pen, position);
    this.#opening(pen, position);
  }

  #shot(pen, { from, to }, share, opacity) {
    const eased = share * share * (3 - 2 * share);
    const [x, y, large] = from.map((start, at) => start + (to[at] - start) * eased);
    const { naturalWidth: wide, naturalHeight: high } = this.image;
    const { width, height } = pen.canvas;
    const fit = Math.min(wide / width, high / height) / large;
    const [w, h] = [width * fit, height * fit];
    const left = Math.max(0, Math.min(wide - w, x * wide - w / 2));
    const top = Math.max(0, Math.min(high - h, y * high - h / 2));
    pen.globalAlpha = opacity;
    pen.drawImage(this.image, left, top, w, h, 0, 0, width, height);
    pen.globalAlpha = 1;
  }

  /** Dust in the projector's light. */
  #motes(pen, position) {
    const { width, height } = pen.canvas;
    for (let mote = 0; mote < MOTES; mote += 1) {
      const speed = 0.008 + 0.014 * noise(mote, 1);
      const x = (noise(mote, 2) + position * speed) % 1;
      const y = noise(mote, 3) + 0.03 * Math.sin(position * 0.6 + mote);
      const light = 0.1 + 0.28 * noise(mote, 4) * (0.6 + 0.4 * Math.sin(position + mote * 2));
      pen.fillStyle = `rgba(${AMBER}, ${light.toFixed(3)})`;
      pen.beginPath();
      pen.arc(x * width, y * height, (0.6 + 1.8 * noise(mote, 5)) * (width / 1280), 0, 7);
      pen.fill();
    }
  }

  /** The name in letters while the opening titles run. */
  #opening(pen, position) {
    if (!this.titles) return;
    const [start, end] = this.titles;
    const until = Math.min(end, start + 12);
    if (position < start || position > until) return;
    const opacity = Math.min(1, (position - start) / 1.5, (until - position) / 1.5);
    pen.fillStyle = `rgba(6, 5, 4, ${(0.9 * opacity).toFixed(3)})`;
    pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
    this.#letters(pen, opacity);
  }

  #letters(pen, opacity) {
    const { width, height } = pen.canvas;
    const words = this.name.toUpperCase();
    let size = height * 0.2;
    const font = () => `900 ${size}px "Big Shoulders", sans-serif`;
    pen.font = font();
    size *= Math.min(1, (width * 0.86) / pen.measureText(words).width);
    pen.font = font();
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = `rgba(255, 216, 145, ${opacity.toFixed(3)})`;
    pen.fillText(words, width / 2, height / 2);
  }
}

function shotOf(number) {
  return SHOTS[number % SHOTS.length];
}

/** A number from 0 to 1 that is always the same for the same two whole numbers. */
function noise(one, other) {
  const value = Math.sin(one * 127.1 + other * 311.7) * 43758.5453;
  return value - Math.floor(value);
}
