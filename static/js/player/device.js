// What this device remembers of the player. A browser may refuse to store anything: then nothing is.

const KEY = "marquee.player";
const USUAL = { volume: 0.4, muted: true, captions: false, letters: true };

function read() {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(KEY)) };
  } catch {
    return { ...USUAL };
  }
}

export const device = read();

/** Remember settings, for example {muted: false}. */
export function remember(changed) {
  Object.assign(device, changed);
  try {
    localStorage.setItem(KEY, JSON.stringify(device));
  } catch {
    // Private windows and full disks: the setting holds until the page is left.
  }
}
