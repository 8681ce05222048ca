// Trainings of many seeds, over as many workers as there are processors.

/** @import { End } from '../session/ends.js' */
/** @import { Plan, Session } from '../session/protocol.d.ts' */
import { endsOf } from '../session/ends.js';
import { newSession } from '../session/open.js';
import { isServed } from '../session/served.js';

/** At a server, others want sessions, too. */
const MOST_WORKERS = isServed ? 4 : 16;
/** Milliseconds that a command should take: so the progress is smooth. */
const BUDGET = 150;

export class Seeds {
  /** @type {Session[]} */ #sessions = [];
  /** The run under way; another one, or none, ends it. @type {object | undefined} */ #run;
  /** Its end, where it is cancelled: what was asked has no answer then. */ #stopped = () => {};

  /**
   * Train each plan with the seeds 0, 1, …: all plans with a seed before many more seeds, so that they can be compared at any time.
   * @param {Plan[]} plans
   * @param {number} count of seeds
   * @param {number | undefined} steps to the end without
   * @param {(plan: number, seed: number, end: End) => void} came
   * @returns {Promise<boolean>} whether all of them came
   */
  async train(plans, count, steps, came) {
    const run = {};
    this.#run = run;
    /** @type {Promise<void>} */
    const stopped = new Promise((done) => (this.#stopped = done));
    const next = plans.map(() => 0);
    const sizes = plans.map(() => 1);
    const work = async (/** @type {Session} */ session) => {
      while (this.#run === run) {
        const least = Math.min(...next);
        if (least >= count) return;
        const plan = next.indexOf(least);
        const seeds = Array.from({ length: Math.min(sizes[plan], count - least) }, (_, at) => least + at);
        next[plan] += seeds.length;
        const start = performance.now();
        const reply = await session.ask({ do: 'train', plan: plans[plan], variants: seeds.map((seed) => ({ seed })), steps });
        if (this.#run !== run) return;
        const ends = endsOf(reply);
        seeds.forEach((seed, at) => came(plan, seed, ends[at]));
        const each = (performance.now() - start) / seeds.length;
        sizes[plan] = Math.max(1, Math.min(2 * seeds.length, Math.floor(BUDGET / each)));
      }
    };
    const workers = Math.min(navigator.hardwareConcurrency || 2, MOST_WORKERS, plans.length * count);
    while (this.#sessions.length < workers) this.#sessions.push(newSession());
    try {
      await Promise.race([Promise.all(this.#sessions.map(work)), stopped]);
      return this.#run === run;
    } finally {
      if (this.#run === run) this.cancel();
    }
  }

  /** What is under way is left, and its workers go. */
  cancel() {
    this.#run = undefined;
    this.#stopped();
    this.#sessions.splice(0).forEach((session) => session.close());
  }
}
