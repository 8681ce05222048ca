// How many steps a picture has time for, and how many pictures and steps there were in the last second.

/** Milliseconds that a picture may take: where it takes less than half, there are more steps next time. */
const BUDGET = 24;
/** So many steps before a picture are enough for any training, and a pause waits for no more. */
const MOST_STEPS = 100000;
const FIRST_STEPS = 8;
/** Pictures a second for somebody who wants less motion; each has more steps then. */
const CALM = 2;
const CALM_STEPS = 8;

export class Pace {
  #budget;
  /** Steps that a picture has time for. */
  #most = FIRST_STEPS;
  #calm = matchMedia('(prefers-reduced-motion: reduce)');
  /** @type {{ time: number, steps: number }[]} */ #recent = [];

  /** @param {number} [budget] */
  constructor(budget = BUDGET) {
    this.#budget = budget;
  }

  get most() {
    return this.#calm.matches ? this.#most * CALM_STEPS : this.#most;
  }

  /** Whether the next picture would come too early for somebody who wants less motion. @param {number} milliseconds since the last one */
  isEarly(milliseconds) {
    return this.#calm.matches && milliseconds < 1000 / CALM;
  }

  /** Another training begins. */
  forget() {
    this.#most = FIRST_STEPS;
    this.#recent = [];
  }

  /** A picture came, with so many steps of so many that were asked for. @param {number} asked @param {number} made @param {number} milliseconds */
  came(asked, made, milliseconds) {
    if (milliseconds > this.#budget) this.#most = Math.max(1, Math.floor(Math.min(asked, this.#most) * 0.7));
    else if (milliseconds < this.#budget / 2 && asked >= this.#most) this.#most = Math.min(MOST_STEPS, 2 * this.#most);
    const time = performance.now();
    this.#recent.push({ time, steps: made });
    while (time - this.#recent[0].time > 1000) this.#recent.shift();
  }

  /** Of the last second. */
  get perSecond() {
    const [first, ...later] = this.#recent;
    if (!first || later.length === 0) return { pictures: 0, steps: 0 };
    // What came before a fifth of a second has passed says little.
    const seconds = Math.max(0.2, (later[later.length - 1].time - first.time) / 1000);
    return { pictures: later.length / seconds, steps: later.reduce((sum, { steps }) => sum + steps, 0) / seconds };
  }
}

/**
 * Frame by frame, as many steps as are due and as there is time for; the next ones when these are made.
 * @param {{ playing: boolean, speed: number | null, pace: Pace }} played
 * @param {(steps: number, isWhole: boolean) => Promise<unknown>} advance with curves every fourth time
 */
export function beat(played, advance) {
  let before = performance.now();
  let due = 0;
  let isBusy = false;
  let count = 0;
  const frame = () => {
    if (!played.playing) return;
    requestAnimationFrame(frame);
    const now = performance.now();
    if (isBusy || played.pace.isEarly(now - before)) return;
    const { most } = played.pace;
    due = Math.min(most, due + (played.speed === null ? most : ((now - before) / 1000) * played.speed));
    before = now;
    const steps = Math.floor(due);
    if (steps < 1) return;
    due -= steps;
    isBusy = true;
    advance(steps, count++ % 4 === 0).finally(() => (isBusy = false));
  };
  requestAnimationFrame(frame);
}
