// The mock film: a position that runs, and how much of the title was played.

// A computer that slept has not watched: one tick never counts more than this many seconds.
const LONGEST_TICK = 2;

export class Clock {
  /** `runtime` is in seconds; null where it is unknown, and then the clock has no end. */
  constructor({ runtime, start }) {
    this.runtime = runtime ?? Infinity;
    this.position = Math.min(start, this.runtime);
    this.watched = 0;
    this.speed = 1;
    this.playing = false;
  }

  get ended() {
    return this.position >= this.runtime;
  }

  get hasEnd() {
    return this.runtime !== Infinity;
  }

  /** Advance by so many seconds of wall-clock time. */
  tick(seconds) {
    if (!this.playing) return;
    const ahead = Math.min(seconds, LONGEST_TICK) * this.speed;
    const played = Math.min(ahead, this.runtime - this.position);
    this.position += played;
    this.watched += played;
    if (this.ended) this.playing = false;
  }

  seek(position) {
    this.position = Math.max(0, Math.min(position, this.runtime));
  }
}

/** 5025 → "1:23:45" */
export function readable(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
}

/** The last mark that starts at or before a position. `marks` are in order. */
export function markAt(marks, position) {
  return marks.findLast((mark) => mark.start <= position);
}

/** fill("{at} of {total}", {at: "0:12", total: "1:00"}) → "0:12 of 1:00" */
export function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
