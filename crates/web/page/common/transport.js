// Play, pause, steps, speed, and the slider over all steps made.

/** @import { At } from '../session/protocol.d.ts' */
import { byId } from './dom.js';
import { t, written } from './words.js';

/** @typedef {{ at: Pick<At, 'step' | 'epoch' | 'ended'>, furthest: number }} Instant */
/**
 * @typedef {object} Played a training, or several together
 * @property {Instant | undefined} picture
 * @property {boolean} playing
 * @property {number | null} speed
 * @property {() => void} play
 * @property {() => void} pause
 * @property {(steps: number) => Promise<unknown>} step
 * @property {() => Promise<unknown>} epoch
 * @property {(step: number) => Promise<unknown>} seek
 */

export class Transport {
  #player;
  #play = byId('play', HTMLButtonElement);
  #time = byId('time', HTMLInputElement);
  #now = byId('time-now', HTMLElement);
  #isSeeking = false;

  /** @param {Played} player @param {() => void} reset */
  constructor(player, reset) {
    this.#player = player;
    this.#play.addEventListener('click', () => (player.playing ? player.pause() : player.play()));
    const button = (/** @type {string} */ id, /** @type {() => void} */ act) =>
      byId(id, HTMLButtonElement).addEventListener('click', () => {
        player.pause();
        act();
      });
    button('one-step', () => player.step(1));
    button('one-epoch', () => player.epoch());
    button('reset', reset);
    const speed = byId('speed', HTMLSelectElement);
    speed.addEventListener('change', () => (player.speed = speed.value === 'max' ? null : Number(speed.value)));
    this.#time.addEventListener('input', () => this.goTo(Number(this.#time.value)));
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  /** @param {number} step */
  async goTo(step) {
    this.#player.pause();
    this.#isSeeking = true;
    await this.#player.seek(step);
    this.#isSeeking = false;
    if (this.#player.picture) this.draw(this.#player.picture);
  }

  /** @param {Instant} picture */
  draw({ at, furthest }) {
    this.#time.max = String(Math.max(1, furthest));
    const said = t('time-at', { step: written(at.step), epoch: written(at.epoch) });
    // The thumb stays where the hand holds it.
    if (!this.#isSeeking) this.#time.value = String(at.step);
    this.#time.setAttribute('aria-valuetext', said);
    this.#now.textContent = said;
    this.#able();
  }

  played() {
    const { playing } = this.#player;
    this.#play.dataset.t = playing ? 'pause' : 'play';
    this.#play.textContent = t(playing ? 'pause' : 'play');
    this.#play.classList.toggle('playing', playing);
    this.#able();
  }

  /** There is nothing to play at the end of a training. */
  #able() {
    const { playing, picture } = this.#player;
    this.#play.setAttribute('aria-disabled', String(!playing && Boolean(picture?.at.ended)));
  }

  /** The space bar plays and pauses, where it does nothing else. @param {KeyboardEvent} event */
  #key(event) {
    const isFree = event.target === document.body || event.target === document.documentElement;
    if (event.key !== ' ' || !isFree || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    this.#play.click();
  }
}
