// Captions from a WebVTT file. There is no video element that could show a text track.

const CUE = /(?:(\d+):)?(\d\d):(\d\d)\.(\d{3})/g;

export class Captions {
  /** `line` is where they are shown; `failed()` is called if the file cannot be loaded. */
  constructor({ address, line, failed }) {
    Object.assign(this, { address, line, failed });
    this.cues = null;
    this.on = false;
  }

  /** Turn captions on or off. The file is loaded when they are first turned on. */
  async turn(on) {
    this.on = on;
    this.line.hidden = true;
    if (!on || this.cues) return;
    this.cues = [];
    try {
      const response = await fetch(this.address, { credentials: "same-origin" });
      const text = await response.text();
      if (!response.ok || response.redirected) throw new Error(`status ${response.status}`);
      this.cues = parse(text);
    } catch {
      this.cues = null; // the next try loads it again
      this.failed();
    }
  }

  /** Show the caption of a position. */
  show(position) {
    if (!this.on || !this.cues) return;
    const cue = this.cues.find(({ start, end }) => start <= position && position < end);
    const text = cue?.text ?? "";
    if (this.line.textContent !== text) this.line.textContent = text;
    this.line.hidden = !text;
  }
}

/** Read a WebVTT file: [{start, end, text}], in seconds. */
export function parse(file) {
  const cues = [];
  for (const block of file.replace(/\r\n?/g, "\n").split(/\n\n+/)) {
    const lines = block.split("\n");
    const at = lines.findIndex((line) => line.includes("-->"));
    const times = at < 0 ? [] : [...lines[at].matchAll(CUE)].map(seconds);
    if (times.length < 2) continue;
    cues.push({ start: times[0], end: times[1], text: plain(lines.slice(at + 1).join("\n")) });
  }
  return cues;
}

function seconds([, hours = "0", minutes, whole, thousandths]) {
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(whole) + Number(thousandths) / 1000;
}

function plain(text) {
  const named = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
  return text.replace(/<[^>]*>/g, "").replace(/&(?:lt|gt|amp);/g, (name) => named[name]);
}
