// The player: puts the clock, the screen, the controls and the heartbeats together.

import { Captions } from "./captions.js";
import { Clock, fill, markAt, readable } from "./clock.js";
import { device, remember } from "./device.js";
import { fullscreen } from "./fullscreen.js";
import { Heartbeat } from "./heartbeat.js";
import { idle } from "./idle.js";
import { listen as listenToKeys } from "./keys.js";
import { EndPanel } from "./panel.js";
import { SeekBar } from "./seekbar.js";
import { Sound } from "./sound.js";
import { Stage } from "./stage.js";
import { listen as listenToScreen } from "./touch.js";

const HEARTBEAT_MILLISECONDS = 5000;
const TICK_MILLISECONDS = 200;
const FLASH_MILLISECONDS = 900;
// Going back a chapter shortly after its start goes to the one before it.
const CHAPTER_GRACE_SECONDS = 4;

const house = document.querySelector("[data-player]");
const find = (name) => house.querySelector(`[data-${name}]`);
const about = JSON.parse(document.getElementById("player").textContent);
const { words, chapters, intro } = about;
const nextAddress = find("next")?.href ?? "";
const speed = find("speed");

const clock = new Clock(about);
const sound = new Sound(device);
const heartbeat = new Heartbeat({
  ...about,
  viewer: about.play.profile,
  token: house.querySelector("[name=csrfmiddlewaretoken]").value,
  read: () => ({
    position_seconds: Math.floor(clock.position),
    watched_seconds: Math.floor(clock.watched),
  }),
  say,
});
const stage = new Stage({
  canvas: find("stage"),
  image: null,
  name: about.name,
  titles: about.lettered ? null : intro, // the name is lettered once
});
const captions = new Captions({
  address: about.captions,
  line: find("caption"),
  failed: () => {
    setCaptions(false);
    flash(words.noCaptions);
  },
});
const end = new EndPanel({
  dialog: find("end"),
  next: nextAddress,
  words,
  go: (address) => location.assign(address),
  closed: () => find("toggle").focus(),
});
const seekBar = new SeekBar({
  bar: find("bar"),
  slider: find("seek"),
  marks: find("marks"),
  preview: find("preview"),
  runtime: about.runtime,
  chapters,
  words,
  jump: (position) => player.jump(position),
  draw: (canvas, position) => stage.draw(canvas, position),
});

let opened = false;
let last = performance.now();
let beat = last;
let flashing = null;

/** What keys, buttons and the screen can do. */
const player = {
  toggle() {
    if (clock.playing) pause();
    else play();
  },
  jump(position) {
    clock.seek(position);
    if (opened) heartbeat.send();
    if (clock.ended) finish();
    show();
  },
  skip(seconds) {
    player.jump(clock.position + seconds);
    flash(fill(seconds < 0 ? words.back : words.forward, { seconds: Math.abs(seconds) }));
  },
  jumpToShare(share) {
    if (clock.hasEnd) player.jump(clock.runtime * share);
  },
  jumpToEnd() {
    if (clock.hasEnd) player.jump(clock.runtime);
  },
  chapter(step) {
    const from = step < 0 ? clock.position - CHAPTER_GRACE_SECONDS : clock.position;
    const goal =
      step < 0 ? markAt(chapters, from) : chapters.find(({ start }) => start > clock.position);
    if (!goal) return;
    player.jump(goal.start);
    flash(goal.name);
  },
  louder(step) {
    setSound({ volume: Math.max(0, Math.min(1, device.volume + step)), muted: false });
    flash(fill(words.volume, { share: Math.round(device.volume * 100) }));
  },
  toggleSound() {
    setSound({ muted: !device.muted });
    flash(device.muted ? words.mute : words.unmute);
  },
  toggleCaptions() {
    setCaptions(!device.captions);
    flash(device.captions ? words.captionsOn : words.captionsOff);
  },
  faster(step) {
    const index = speed.selectedIndex + step;
    if (index < 0 || index >= speed.length) return;
    speed.selectedIndex = index;
    setSpeed();
    flash(fill(words.speed, { speed: speed.selectedOptions[0].dataset.label }));
  },
  next() {
    if (nextAddress) location.assign(nextAddress);
  },
  help() {
    find("help").showModal();
  },
  toggleFullscreen: fullscreen({
    house,
    button: find("fullscreen"),
    refused: () => flash(words.noFullscreen),
    changed: (on) => name(find("fullscreen"), on ? words.leave : words.fullscreen),
  }),
};

function play() {
  if (clock.ended) clock.seek(0);
  last = performance.now();
  clock.playing = true;
  opened = true;
  heartbeat.send();
  show();
  controls.wake();
}

function pause() {
  clock.playing = false;
  heartbeat.send();
  show();
  controls.wake();
}

function finish() {
  clock.playing = false;
  heartbeat.send();
  controls.wake();
  end.show();
}

function setSpeed() {
  clock.speed = Number(speed.value);
}

function setSound(changed) {
  remember(changed);
  sound.set(changed);
  const silent = device.muted || device.volume === 0;
  house.classList.toggle("is-silent", silent);
  name(find("mute"), silent ? words.unmute : words.mute);
  find("volume").value = String(device.volume);
}

function setCaptions(on) {
  remember({ captions: on });
  find("captions").setAttribute("aria-pressed", String(on));
  captions.turn(on).then(() => captions.show(clock.position));
}

/** Name a button that shows only a sign. */
function name(button, label) {
  button.setAttribute("aria-label", label);
}

/** Show a message until the next one. A message that stands is not read out again. */
function say(message) {
  const status = find("status");
  if (status.textContent !== message) status.textContent = message;
}

/** Show for a moment what a key did. */
function flash(message) {
  const shown = find("flash");
  shown.textContent = message;
  shown.classList.add("is-shown");
  clearTimeout(flashing);
  flashing = setTimeout(() => shown.classList.remove("is-shown"), FLASH_MILLISECONDS);
}

/** Show the clock's state in all controls. */
function show() {
  const { position, playing } = clock;
  const time = readable(position);
  if (!seekBar.seeking && find("clock").textContent !== time) find("clock").textContent = time;
  seekBar.show(position);
  captions.show(position);
  name(find("toggle"), playing ? words.pause : words.play);
  house.classList.toggle("is-playing", playing);
  sound.set({ playing });
  find("intro").hidden = !intro || position < intro[0] || position >= intro[1];
  find("chapter").textContent = markAt(chapters, position)?.name ?? "";
}

function tick() {
  const now = performance.now();
  const wasPlaying = clock.playing;
  clock.tick((now - last) / 1000);
  last = now;
  if (wasPlaying && clock.ended) finish();
  if (clock.playing && now - beat > HEARTBEAT_MILLISECONDS) {
    beat = now;
    heartbeat.send();
  }
  show();
}

/** Between two ticks the picture moves on by the wall clock. */
function draw(now) {
  const since = clock.playing ? Math.min(1, (performance.now() - last) / 1000) : 0;
  stage.show(clock.position + since * clock.speed, now);
  requestAnimationFrame(draw);
}

async function load() {
  const picture = house.querySelector("img.picture");
  try {
    await picture?.decode();
    if (picture) stage.image = await asLoaded(picture.currentSrc);
  } catch {
    say(words.noPicture);
  }
  await document.fonts.ready;
  house.classList.remove("is-loading");
  stage.refresh();
}

/** The picture in its own pixels: those of an image with a srcset depend on the page's width. */
async function asLoaded(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

const controls = idle(
  house,
  () =>
    clock.playing &&
    !seekBar.seeking &&
    !house.querySelector("dialog[open]") &&
    !house.querySelector("[data-controls]:hover, select:focus"),
);

const clicks = {
  toggle: player.toggle,
  back: () => player.skip(-10),
  forward: () => player.skip(10),
  mute: player.toggleSound,
  captions: player.toggleCaptions,
  fullscreen: player.toggleFullscreen,
  "open-help": player.help,
  "close-help": () => find("help").close(),
  intro: () => {
    player.jump(intro[1]);
    find("toggle").focus();
  },
  again: () => {
    end.dialog.close();
    player.jump(0);
    play();
  },
};
for (const [control, act] of Object.entries(clicks)) find(control)?.addEventListener("click", act);
find("seek").addEventListener("input", () => {
  find("clock").textContent = readable(Number(find("seek").value));
});
find("volume").addEventListener("input", ({ target }) =>
  setSound({ volume: Number(target.value), muted: false }),
);
speed.addEventListener("change", setSpeed);
find("letters").checked = device.letters;
find("letters").addEventListener("change", ({ target }) => remember({ letters: target.checked }));
listenToKeys(player, () => Boolean(house.querySelector("dialog[open]")));
listenToScreen(find("screen"), player, controls);
addEventListener("online", () => opened && heartbeat.send());
addEventListener("pagehide", () => opened && heartbeat.leave());
// Browsers stop drawing in hidden tabs. What was drawn before is old.
document.addEventListener("visibilitychange", () => stage.refresh());

find("total").textContent = clock.hasEnd ? readable(about.runtime) : "";
find("controls").hidden = false;
setSound({});
setCaptions(device.captions);
setInterval(tick, TICK_MILLISECONDS);
load();
play();
heartbeat.sendKept();
requestAnimationFrame(draw);
