// Tells the API how far a play has come. Cumulative, so that a heartbeat that is lost costs nothing.

export class Heartbeat {
  /** `play` names the play; `read()` gives {position_seconds, watched_seconds}; `say(words)` shows. */
  constructor({ url, play, token, read, say }) {
    Object.assign(this, { url, play, token, read, say });
    this.busy = false;
    this.again = false;
  }

  /** Send one heartbeat; while one is on its way, only the newest waits. */
  async send() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      const response = await this.#post();
      this.say(response.ok ? "" : reason(response.status));
    } catch {
      this.say("Not saved: no connection. It is tried again in a moment.");
    }
    this.busy = false;
    if (this.again) {
      this.again = false;
      this.send();
    }
  }

  /** Send the last one while the page goes away. */
  leave() {
    this.#post({ keepalive: true }).catch(() => {});
  }

  #post(options = {}) {
    return fetch(this.url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify({ ...this.play, ...this.read() }),
      ...options,
    });
  }
}

function reason(status) {
  if (status === 403) return "Not saved: you are signed out, or another profile was chosen.";
  if (status === 404) return "Not saved: this title is no longer on this profile's programme.";
  if (status === 429) return "Not saved yet: too many requests. It is tried again in a moment.";
  return "Not saved: something broke. It is tried again in a moment.";
}
