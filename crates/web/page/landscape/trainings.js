// The trainings of a map, coarse first: each is made once, several workers share them, and another map takes their place at once.

/** @import { End } from '../session/ends.js' */
/** @import { Session } from '../session/protocol.d.ts' */
/** @import { Settings } from '../session/settings.js' */
/** @import { Axis, Range } from './axes.js' */
import { endsOf } from '../session/ends.js';
import { newSession } from '../session/open.js';
import { isServed } from '../session/served.js';
import { planOf, recipeOf } from '../session/settings.js';
import { rounded, valueAt, withValues } from './axes.js';

/**
 * @typedef {object} Wanted a map
 * @property {Settings} settings what all trainings have in common
 * @property {[Axis, Axis]} axes from left to right, from below to above
 * @property {[Range, Range]} ranges
 * @property {number} cells along a side, a power of two
 * @property {number} steps of each training
 */
/** @typedef {{ size: number, across: number, up: number }} Cell one of size × size of the map */

/** Milliseconds that a command may take: a new map waits no longer for the old one. */
const BUDGET = 80;
const MOST_AT_ONCE = 64;

/** The values in the middle of a cell. @param {Wanted} wanted @param {Cell} cell @returns {[number, number]} */
export function valuesOf({ axes, ranges }, { size, across, up }) {
  const value = (/** @type {0 | 1} */ side, /** @type {number} */ at) => rounded(axes[side], valueAt(axes[side], ranges[side], (at + 0.5) / size));
  return [value(0, across), value(1, up)];
}

/** Maps of 2 × 2, 4 × 4, … cells. @param {number} cells */
export function sizesOf(cells) {
  return Array.from({ length: Math.log2(cells) }, (_, level) => 2 ** (level + 1));
}

export class Trainings {
  /** @type {Wanted | undefined} */ #wanted;
  /** What all trainings that are known have in common. */
  #common = '';
  /** @type {Map<string, End>} */ #known = new Map();
  /** Values that are still to be trained, the next one last. @type {[string, [number, number]][]} */ #waiting = [];
  /** In the hands of a worker. @type {Set<string>} */ #going = new Set();
  /** @type {Set<string>} */ #wantedKeys = new Set();
  /** @type {{ session: Session, isBusy: boolean, atOnce: number }[]} */ #workers = [];
  #on;
  isStopped = false;
  /** Trainings since the map was asked for, and when that was. */
  #made = { count: 0, since: 0, until: 0 };

  /** @param {{ trained: () => void, failed: (error: unknown) => void }} on */
  constructor(on) {
    this.#on = on;
  }

  /** @param {Wanted} wanted */
  draw(wanted) {
    const common = JSON.stringify([wanted.settings, wanted.steps]);
    if (common !== this.#common) for (const of of [this.#known, this.#going]) of.clear();
    this.#common = common;
    this.#wanted = wanted;
    this.#wantedKeys.clear();
    /** @type {Map<string, [number, number]>} */
    const waiting = new Map();
    for (const size of sizesOf(wanted.cells)) {
      for (let at = 0; at < size * size; at++) {
        const values = valuesOf(wanted, { size, across: at % size, up: Math.floor(at / size) });
        const key = this.#keyOf(values);
        this.#wantedKeys.add(key);
        if (!this.#known.has(key) && !this.#going.has(key)) waiting.set(key, values);
      }
    }
    this.#waiting = [...waiting].reverse();
    this.isStopped = false;
    this.#begin();
  }

  stop() {
    this.isStopped = true;
  }

  goOn() {
    this.isStopped = false;
    this.#begin();
  }

  /** What became of a cell, if it is trained. @param {Cell} cell */
  of(cell) {
    return this.#wanted && this.#known.get(this.#keyOf(valuesOf(this.#wanted, cell)));
  }

  /** Trainings made of so many, and how many a second. */
  get progress() {
    const all = this.#wantedKeys.size;
    const made = [...this.#wantedKeys].filter((key) => this.#known.has(key)).length;
    const { count, since, until } = this.#made;
    return { made, all, perSecond: (1000 * count) / Math.max(1, until - since) };
  }

  /** @param {[number, number]} values */
  #keyOf(values) {
    const [x, y] = /** @type {Wanted} */ (this.#wanted).axes;
    return `${x.key} ${values[0]} ${y.key} ${values[1]}`;
  }

  #begin() {
    const now = performance.now();
    this.#made = { count: 0, since: now, until: now };
    if (this.#workers.length === 0) {
      // One processor is left to the page; a server has others to serve.
      const count = isServed ? 2 : Math.min(6, Math.max(2, (navigator.hardwareConcurrency || 2) - 1));
      this.#workers = Array.from({ length: count }, () => ({ session: newSession(), isBusy: false, atOnce: 1 }));
    }
    for (const worker of this.#workers) if (!worker.isBusy) this.#work(worker);
    this.#on.trained();
  }

  /** One command after the other, each of what the map of now still wants. @param {{ session: Session, isBusy: boolean, atOnce: number }} worker */
  async #work(worker) {
    worker.isBusy = true;
    try {
      while (this.#waiting.length && !this.isStopped && this.#wanted) {
        const batch = this.#waiting.splice(-worker.atOnce).reverse();
        await this.#train(worker, this.#wanted, batch);
      }
    } catch (error) {
      this.#waiting = [];
      this.#on.failed(error);
    }
    worker.isBusy = false;
    this.#on.trained();
  }

  /** @param {{ session: Session, atOnce: number }} worker @param {Wanted} wanted @param {[string, [number, number]][]} batch */
  async #train(worker, wanted, batch) {
    const { settings, axes, steps } = wanted;
    const common = this.#common;
    const variants = batch.map(([, values]) => recipeOf(withValues(settings, [[axes[0], values[0]], [axes[1], values[1]]])));
    batch.forEach(([key]) => this.#going.add(key));
    const before = performance.now();
    const reply = await worker.session.ask({ do: 'train', plan: planOf({ start: settings, turns: [] }), variants, steps });
    const after = performance.now();
    if (common !== this.#common) return; // a map of another training
    batch.forEach(([key]) => this.#going.delete(key));
    const ends = endsOf(reply);
    batch.forEach(([key], at) => this.#known.set(key, ends[at]));
    worker.atOnce = Math.max(1, Math.min(MOST_AT_ONCE, 2 * batch.length, Math.round((batch.length * BUDGET) / Math.max(1, after - before))));
    this.#made.count += batch.length;
    this.#made.until = after;
    this.#on.trained();
  }
}
