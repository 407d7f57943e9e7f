// Tells the API how far a play has come. Heartbeats are cumulative, so a lost one does no harm.

export class Heartbeat {
  /** `play` names the play; `read()` gives {position_seconds, watched_seconds}; `say(words)` shows. */
  constructor({ url, play, token, read, say }) {
    Object.assign(this, { url, play, token, read, say });
    this.busy = false;
    this.again = false;
  }

  /** Send one heartbeat. While one is being sent, only the newest waits. */
  async send() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      const response = await this.#post();
      await response.text(); // an answer that is not read keeps its connection
      this.say(response.ok ? "" : reason(response.status));
    } catch {
      this.say("Not saved: no connection. Trying again in a moment.");
    }
    this.busy = false;
    if (this.again) {
      this.again = false;
      this.send();
    }
  }

  /** Send the last heartbeat while the page is being left. */
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
  if (status === 404) return "Not saved: this profile can no longer see this title.";
  if (status === 429) return "Not saved yet: too many requests. Trying again in a moment.";
  return "Not saved: something went wrong. Trying again in a moment.";
}
