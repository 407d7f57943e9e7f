// The keys that hands expect. The help dialog lists them.

import { device } from "./device.js";

const JUMP = 10;
const VOLUME_STEP = 0.05;

/** What each key does with the player. */
const KEYS = {
  " ": (player) => player.toggle(),
  k: (player) => player.toggle(),
  ArrowLeft: (player) => player.skip(-JUMP),
  ArrowRight: (player) => player.skip(JUMP),
  j: (player) => player.skip(-JUMP),
  l: (player) => player.skip(JUMP),
  ArrowUp: (player) => player.louder(VOLUME_STEP),
  ArrowDown: (player) => player.louder(-VOLUME_STEP),
  f: (player) => player.toggleFullscreen(),
  m: (player) => player.toggleSound(),
  c: (player) => player.toggleCaptions(),
  n: (player) => player.next(),
  Home: (player) => player.jump(0),
  End: (player) => player.jumpToEnd(),
  PageUp: (player) => player.chapter(-1),
  PageDown: (player) => player.chapter(1),
  "<": (player) => player.faster(-1),
  ">": (player) => player.faster(1),
  "?": (player) => player.help(),
};

/** Listen to the keys. `busy()` says that a dialog is open, which has its own. */
export function listen(player, busy) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || busy()) return;
    const act = actOf(event.key, player);
    if (!act || isOwn(event)) return;
    event.preventDefault();
    act();
  });
}

function actOf(key, player) {
  const isCharacter = key.length === 1 && key !== " ";
  if (isCharacter && !device.letters && key !== "?") return null;
  if (/^\d$/.test(key)) return () => player.jumpToShare(Number(key) / 10);
  const act = KEYS[isCharacter ? key.toLowerCase() : key];
  return act && (() => act(player));
}

/** A focused control keeps its own keys. The seek bar does not: its steps would be too small. */
function isOwn({ key, target }) {
  if (target.closest("select")) return true;
  if (target.closest("a, button")) return key === " ";
  return target.matches("[data-volume]") && /^(Arrow|Home|End|Page)/.test(key);
}
