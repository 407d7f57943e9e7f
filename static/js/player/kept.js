// Heartbeats that could not be sent, kept on this device until there is a connection.
//
// Each belongs to one profile: another profile on this device never sends it as its own.

const KEY = "marquee.unsent";
const MOST = 10;
const KEEP_MILLISECONDS = 7 * 24 * 3600 * 1000;

function all() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY)) ?? [];
    return kept.filter(({ at }) => Date.now() - at < KEEP_MILLISECONDS);
  } catch {
    return [];
  }
}

function store(kept) {
  try {
    if (kept.length) localStorage.setItem(KEY, JSON.stringify(kept.slice(-MOST)));
    else localStorage.removeItem(KEY);
  } catch {
    // Nothing can be kept here. The next heartbeat knows more anyway.
  }
}

/** Keep a heartbeat. It takes the place of an older one of the same play. */
export function keep(viewer, beat) {
  const others = all().filter((kept) => kept.beat.play_id !== beat.play_id);
  store([...others, { viewer, beat, at: Date.now() }]);
}

/** Forget what is kept of a play: it was sent, or it never can be. */
export function forget(play) {
  const kept = all();
  const others = kept.filter(({ beat }) => beat.play_id !== play);
  if (others.length !== kept.length) store(others);
}

/** The heartbeats kept for a profile, oldest first. */
export function keptFor(viewer) {
  return all().filter((kept) => kept.viewer === viewer).map(({ beat }) => beat);
}
