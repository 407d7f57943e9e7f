// Tells the API how far a play has come. Heartbeats are cumulative, so a lost one does no harm.

import { forget, keep, keptFor } from "./kept.js";

export class Heartbeat {
  /**
   * `play` names the play, `viewer` the profile; `read()` gives {position_seconds,
   * watched_seconds}; `say(words)` shows; `words` are what it says.
   */
  constructor({ url, play, viewer, token, read, say, words }) {
    Object.assign(this, { url, play, viewer, token, read, say, words });
    this.busy = false;
    this.again = false;
    this.lost = false;
    this.said = false;
  }

  /** Send one heartbeat. While one is being sent, only the newest waits. */
  async send() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    await this.#tell({ ...this.play, ...this.read() });
    this.busy = false;
    if (this.again) {
      this.again = false;
      this.send();
    }
  }

  /** Send what earlier plays of this profile left on this device. */
  async sendKept() {
    for (const beat of keptFor(this.viewer)) {
      if (beat.play_id === this.play.play_id) continue;
      try {
        const response = await this.#post(beat);
        await response.text();
        if (response.ok || isFinal(response.status)) forget(beat.play_id);
      } catch {
        return; // still no connection
      }
    }
  }

  /** Send the last heartbeat while the page is being left. */
  leave() {
    const beat = { ...this.play, ...this.read() };
    if (this.lost) keep(this.viewer, beat);
    this.#post(beat, { keepalive: true }).catch(() => {});
  }

  async #tell(beat) {
    try {
      const response = await this.#post(beat);
      await response.text(); // an answer that is not read keeps its connection
      if (response.ok) return this.#arrived();
      if (isFinal(response.status)) forget(beat.play_id);
      else this.#keep(beat);
      this.#complain(this.#reason(response.status));
    } catch {
      this.#keep(beat);
      this.#complain(this.words.offline);
    }
  }

  #arrived() {
    // What others said stands.
    if (this.said) this.say(this.lost ? this.words.saved : "");
    this.said = this.lost;
    if (!this.lost) return;
    this.lost = false;
    forget(this.play.play_id);
    this.sendKept();
  }

  #complain(message) {
    this.said = true;
    this.say(message);
  }

  #keep(beat) {
    this.lost = true;
    keep(this.viewer, beat);
  }

  #post(beat, options = {}) {
    return fetch(this.url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify(beat),
      ...options,
    });
  }

  #reason(status) {
    if (status === 403) return this.words.signedOut;
    if (status === 404) return this.words.gone;
    if (status === 429) return this.words.busy;
    return this.words.failed;
  }
}

/** What was refused for good is not sent again. */
function isFinal(status) {
  return status === 400 || status === 404;
}
