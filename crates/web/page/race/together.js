// Several trainings that go through time together, step for step. One that has ended stays at its end.

/** @import { Player } from '../session/player.js' */
/** @import { Instant } from '../common/transport.js' */
import { beat, Pace } from '../session/pace.js';

/** Milliseconds for the pictures of all, which share the processor. */
const BUDGET = 60;

export class Together {
  /** @type {Player[]} */ players = [];
  playing = false;
  /** Steps a second; none for as many as there is time for. @type {number | null} */
  speed = 100;
  pace = new Pace(BUDGET);
  #watcher;
  /** What is under way. @type {Promise<unknown>} */ #underWay = Promise.resolve();
  /** @type {number | null} */ #sought = null;

  /** @param {{ drawn: (isWhole: boolean) => void, played: () => void }} watcher */
  constructor(watcher) {
    this.#watcher = watcher;
  }

  /** Where the one stands that is furthest on. @returns {Instant | undefined} */
  get picture() {
    const pictures = this.players.flatMap(({ picture }) => picture ?? []);
    if (pictures.length === 0) return undefined;
    const { at } = pictures.reduce((first, other) => (other.at.step > first.at.step ? other : first));
    const ended = pictures.every((picture) => picture.at.ended) ? at.ended : null;
    return { at: { step: at.step, epoch: at.epoch, ended }, furthest: Math.max(...pictures.map(({ furthest }) => furthest)) };
  }

  get stepNow() {
    return this.picture?.at.step ?? 0;
  }

  /** Those that can go on. */
  get #running() {
    return this.players.filter(({ picture }) => picture && !picture.at.ended);
  }

  /** @param {number} steps @param {boolean} [isWhole] with the curves */
  step(steps, isWhole = true) {
    return this.#all(this.#running.map((player) => player.step(steps, isWhole)), isWhole);
  }

  /** So many steps as the longest epoch still has: all stay at the same step. */
  epoch() {
    const left = this.#running.map(({ picture }) => (picture ? picture.at.steps[0] - picture.at.batch : 0));
    return left.length ? this.step(Math.max(...left)) : Promise.resolve();
  }

  /** Of several instants asked for while one is on its way, the last one counts. @param {number} step */
  async seek(step) {
    const isWaiting = this.#sought !== null;
    this.#sought = step;
    if (isWaiting) return this.#underWay;
    while (this.#sought !== null) {
      /** @type {number} */
      const sought = this.#sought;
      await this.#all(this.players.map((player) => player.seek(sought)), true);
      if (this.#sought === sought) this.#sought = null;
    }
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.#watcher.played();
    // The last pictures have everything.
    this.#underWay.then(() => (this.playing ? undefined : this.#whole()));
  }

  /** Nothing is under way any more. */
  async still() {
    this.playing = false;
    await this.#underWay;
    this.#watcher.played();
  }

  play() {
    if (this.playing || !this.picture || this.picture.at.ended) return;
    this.playing = true;
    this.#watcher.played();
    beat(this, async (steps, isWhole) => {
      const [first, start] = [this.stepNow, performance.now()];
      await this.step(steps, isWhole);
      this.pace.came(steps, this.stepNow - first, performance.now() - start);
      if (this.playing && this.#running.length === 0) this.pause();
    });
  }

  /** Everything as it stands, with the curves. */
  #whole() {
    return this.#all(this.players.map((player) => player.seek(player.picture?.at.step ?? 0)), true);
  }

  /** @param {Promise<unknown>[]} tasks @param {boolean} isWhole */
  #all(tasks, isWhole) {
    const done = Promise.all(tasks).then(() => this.#watcher.drawn(isWhole));
    this.#underWay = done;
    return done;
  }
}
