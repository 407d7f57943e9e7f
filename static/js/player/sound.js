// Quiet sound made in the browser: a projector's hum. It is off until a viewer turns it on.

const LOUDEST = 0.16;

export class Sound {
  constructor({ volume, muted }) {
    this.volume = volume;
    this.muted = muted;
    this.playing = false;
    this.context = null;
    this.loud = 0;
  }

  get audible() {
    return this.playing && !this.muted && this.volume > 0;
  }

  /** Set any of {volume, muted, playing}. */
  set(changed) {
    Object.assign(this, changed);
    // Browsers allow no sound before the page was used once.
    const allowed = navigator.userActivation?.hasBeenActive ?? true;
    if (this.audible && !this.context && allowed) this.#build();
    const loud = this.audible ? this.volume * LOUDEST : 0;
    if (!this.context || loud === this.loud) return;
    this.loud = loud;
    if (this.audible) this.context.resume();
    this.gain.gain.setTargetAtTime(loud, this.context.currentTime, 0.08);
  }

  #build() {
    if (!globalThis.AudioContext) return;
    this.context = new AudioContext();
    this.gain = this.context.createGain();
    this.gain.gain.value = 0;
    this.gain.connect(this.context.destination);
    this.#tone(55, 0.35);
    this.#tone(82.5, 0.2);
    this.#hiss();
  }

  #tone(frequency, loud) {
    const tone = this.context.createOscillator();
    const level = this.context.createGain();
    tone.type = "triangle";
    tone.frequency.value = frequency;
    level.gain.value = loud;
    tone.connect(level).connect(this.gain);
    tone.start();
  }

  #hiss() {
    const { sampleRate } = this.context;
    const buffer = this.context.createBuffer(1, sampleRate * 2, sampleRate);
    const samples = buffer.getChannelData(0);
    for (let at = 0; at < samples.length; at += 1) samples[at] = Math.random() * 2 - 1;
    const hiss = this.context.createBufferSource();
    const filter = this.context.createBiquadFilter();
    filter.type = "lowpass";
    filter.frequency.value = 420;
    hiss.buffer = buffer;
    hiss.loop = true;
    hiss.connect(filter).connect(this.gain);
    hiss.start();
  }
}
