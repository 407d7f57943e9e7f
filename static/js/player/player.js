// The player's controls: buttons, keys, the seek bar, the speed, and what happens at the end.

import { Clock, readable } from "./clock.js";
import { Heartbeat } from "./heartbeat.js";

const HEARTBEAT_SECONDS = 5;
const TICK_MILLISECONDS = 200;
const JUMP_SECONDS = 10;
const NEXT_AFTER_SECONDS = 10;

const house = document.querySelector("[data-player]");
const find = (name) => house.querySelector(`[data-${name}]`);
const about = JSON.parse(document.getElementById("player").textContent);

const clock = new Clock(about);
const heartbeat = new Heartbeat({
  url: about.url,
  play: about.play,
  token: house.querySelector("[name=csrfmiddlewaretoken]").value,
  read: () => ({
    position_seconds: Math.floor(clock.position),
    watched_seconds: Math.floor(clock.watched),
  }),
  say: (words) => (find("status").textContent = words),
});

const seek = find("seek");
const speed = find("speed");
const hasEnd = about.runtime !== null;
const total = hasEnd ? readable(about.runtime) : "";
let seeking = false;
let opened = false;
let last = performance.now();
let beat = last;
let countdown = null;

function show() {
  find("clock").textContent = readable(clock.position);
  if (!seeking) seek.value = String(Math.floor(clock.position));
  if (hasEnd) seek.setAttribute("aria-valuetext", `${readable(clock.position)} of ${total}`);
  find("toggle").setAttribute("aria-label", clock.playing ? "Pause" : "Play");
  house.classList.toggle("is-playing", clock.playing);
}

function play() {
  if (clock.ended) clock.seek(0);
  cancelEnd();
  last = performance.now();
  clock.playing = true;
  opened = true;
  heartbeat.send();
  show();
}

function pause() {
  clock.playing = false;
  heartbeat.send();
  show();
}

function jumpTo(position) {
  cancelEnd();
  clock.seek(position);
  if (opened) heartbeat.send();
  if (clock.ended) end();
  show();
}

function changeSpeed(step) {
  const index = speed.selectedIndex + step;
  if (index < 0 || index >= speed.length) return;
  speed.selectedIndex = index;
  clock.speed = Number(speed.value);
}

function end() {
  clock.playing = false;
  heartbeat.send();
  find("end").hidden = false;
  find("end").querySelector("a, button").focus();
  const next = find("next");
  if (next) countDown(next.href);
}

function countDown(address) {
  let left = NEXT_AFTER_SECONDS;
  const say = () => (find("countdown").textContent = `Plays in ${left} s`);
  say();
  countdown = setInterval(() => {
    left -= 1;
    if (left > 0) return say();
    clearInterval(countdown);
    return location.assign(address);
  }, 1000);
}

function cancelEnd() {
  clearInterval(countdown);
  const end = find("end");
  if (end.contains(document.activeElement)) find("toggle").focus();
  end.hidden = true;
}

function tick() {
  const now = performance.now();
  const wasPlaying = clock.playing;
  clock.tick((now - last) / 1000);
  last = now;
  if (wasPlaying && clock.ended) end();
  if (clock.playing && now - beat > HEARTBEAT_SECONDS * 1000) {
    beat = now;
    heartbeat.send();
  }
  show();
}

function toggle() {
  if (clock.playing) pause();
  else play();
}

const keys = {
  " ": toggle,
  k: toggle,
  ArrowLeft: () => jumpTo(clock.position - JUMP_SECONDS),
  ArrowRight: () => jumpTo(clock.position + JUMP_SECONDS),
  j: () => jumpTo(clock.position - JUMP_SECONDS),
  l: () => jumpTo(clock.position + JUMP_SECONDS),
  Home: () => jumpTo(0),
  Escape: cancelEnd,
  "<": () => changeSpeed(-1),
  ">": () => changeSpeed(1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  // A focused control keeps its own keys. The seek bar does not: its steps would be too small.
  const own = event.target.closest("a, button, select");
  const act = keys[event.key];
  if (!act || (own && (event.key === " " || own.matches("select")))) return;
  event.preventDefault();
  act();
});

find("toggle").addEventListener("click", toggle);
find("back").addEventListener("click", () => jumpTo(clock.position - JUMP_SECONDS));
find("forward").addEventListener("click", () => jumpTo(clock.position + JUMP_SECONDS));
seek.addEventListener("input", () => {
  seeking = true;
  find("clock").textContent = readable(Number(seek.value));
});
seek.addEventListener("change", () => {
  seeking = false;
  jumpTo(Number(seek.value));
});
speed.addEventListener("change", () => (clock.speed = Number(speed.value)));
find("stay")?.addEventListener("click", cancelEnd);
find("again")?.addEventListener("click", () => {
  jumpTo(0);
  play();
});
addEventListener("pagehide", () => opened && heartbeat.leave());

if (hasEnd) seek.max = String(about.runtime);
else seek.hidden = true; // there is nothing to be a share of
find("total").textContent = total;
find("controls").hidden = false;
setInterval(tick, TICK_MILLISECONDS);
play();
