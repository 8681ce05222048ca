// How many steps a picture has time for, and how many pictures and steps there were in the last second.

/** Milliseconds that a session may take for a picture: where it takes less than half, there are more steps next time. */
const BUDGET = 24;
/** So many steps before a picture are enough for any training, and a pause waits for no more. */
const MOST_STEPS = 100000;
const FIRST_STEPS = 8;
/** Pictures a second for somebody who wants less motion; each has more steps then. */
const CALM = 2;
const CALM_STEPS = 8;

export class Pace {
  /** Steps that a picture has time for. */
  #most = FIRST_STEPS;
  #calm = matchMedia('(prefers-reduced-motion: reduce)');
  /** @type {{ time: number, steps: number }[]} */ #recent = [];

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
    if (milliseconds > BUDGET) this.#most = Math.max(1, Math.floor(Math.min(asked, this.#most) * 0.7));
    else if (milliseconds < BUDGET / 2 && asked >= this.#most) this.#most = Math.min(MOST_STEPS, 2 * this.#most);
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
