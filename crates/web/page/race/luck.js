// "Was it luck?": every variant with many seeds, side by side, and what a paired test says of them.

/** @import { Race } from '../session/race.js' */
/** @import { End } from '../session/ends.js' */
/** @import { Measure } from './verdict.js' */
import { byId, h } from '../common/dom.js';
import { namesOf } from '../common/said.js';
import { t, written } from '../common/words.js';
import { newSession } from '../session/open.js';
import { Refusal } from '../session/player.js';
import { courseOfVariant, here } from '../session/race.js';
import { EngineError } from '../session/session.js';
import { planOf } from '../session/settings.js';
import { Seeds } from './seeds.js';
import { sentencesOf } from './sentences.js';
import { measured, strip } from './strip.js';
import { MEASURES, quantile, valueOf } from './verdict.js';

/**
 * @typedef {object} Asked what was trained
 * @property {Race} race
 * @property {number | undefined} steps
 * @property {number} count of seeds
 * @property {(End | undefined)[][]} ends of each variant, seed by seed
 * @property {number} done
 * @property {number} seconds
 */

/**
 * @typedef {object} Room
 * @property {() => { race: Race, step: number }} now
 * @property {(measure: Measure) => boolean} canJudge whether all variants have this number
 * @property {(error: unknown) => void} failed
 * @property {(seed: number) => void} seen a seed is to be looked at
 */

export class Luck {
  #seeds = new Seeds();
  /** It compares; made when it is needed. @type {import('../session/protocol.d.ts').Session | undefined} */ #judge;
  /** @type {Asked | undefined} */ #asked;
  #isUnderWay = false;
  /** Whether a picture is due. */ #isDue = false;
  #room;
  #start = byId('luck-start', HTMLButtonElement);
  #count = byId('luck-count', HTMLSelectElement);
  #until = byId('luck-until', HTMLSelectElement);
  #measure = byId('luck-measure', HTMLSelectElement);
  #with = byId('luck-with', HTMLSelectElement);
  #progress = byId('luck-progress', HTMLProgressElement);
  #said = byId('luck-said', HTMLElement);
  #heard = byId('luck-heard', HTMLElement);
  #strips = byId('luck-strips', HTMLElement);
  #words = byId('luck-words', HTMLElement);
  #numbers = byId('luck-numbers', HTMLElement);

  /** @param {Room} room */
  constructor(room) {
    this.#room = room;
    // A pointer finds a seed among the dots; the keyboard has the knob.
    this.#strips.addEventListener('click', ({ target }) => {
      const seed = target instanceof Element && target.closest('[data-seed]')?.getAttribute('data-seed');
      if (seed && this.#isOfNow) this.#room.seen(Number(seed));
    });
    this.#start.addEventListener('click', () => (this.#isUnderWay ? this.#seeds.cancel() : this.#run()));
    for (const select of [this.#measure, this.#with]) select.addEventListener('change', () => this.show());
    new ResizeObserver(() => this.#draw()).observe(this.#strips);
  }

  /** The race stands at a step, and is as it was, or another one. @param {Race} race @param {number} step */
  follow(race, step) {
    const [, shown] = this.#until.options;
    shown.textContent = t('luck-to-step', { step: written(step) });
    // As far as the race has come: so it takes seconds, and answers for what is seen.
    this.#measures();
    if (step === 0) this.#until.value = 'end';
    else if (shown.disabled) this.#until.value = 'step';
    shown.disabled = step === 0;
    if (this.#asked && !isSame(this.#asked.race, race)) {
      this.#seeds.cancel();
      this.#asked = undefined;
      this.show();
    }
  }

  async #run() {
    const { race, step } = this.#room.now();
    const count = Number(this.#count.value);
    const steps = this.#until.value === 'step' ? step : undefined;
    /** @type {Asked} */
    const asked = { race, steps, count, ends: race.variants.map(() => []), done: 0, seconds: 0 };
    this.#asked = asked;
    this.#underWay(true);
    const start = performance.now();
    const plans = race.variants.map((settings) => planOf(courseOfVariant(race, settings)));
    try {
      await this.#seeds.train(plans, count, steps, (plan, seed, end) => {
        asked.ends[plan][seed] = end;
        asked.done += 1;
        asked.seconds = (performance.now() - start) / 1000;
        this.#soon();
      });
    } catch (error) {
      if (!(error instanceof EngineError || error instanceof Refusal)) throw error;
      this.#room.failed(error);
    }
    this.#underWay(false);
    await this.show();
    if (this.#asked === asked) this.#heard.textContent = this.#words.textContent;
  }

  /** @param {boolean} isUnderWay */
  #underWay(isUnderWay) {
    this.#isUnderWay = isUnderWay;
    this.#heard.textContent = '';
    this.#start.dataset.t = isUnderWay ? 'luck-cancel' : 'luck-start';
    this.#start.textContent = t(this.#start.dataset.t);
    this.#progress.hidden = !isUnderWay;
    this.show();
  }

  /** At the next frame, however many come before it. */
  #soon() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      if (this.#isUnderWay) this.#draw();
    });
  }

  /** Whether the seed can be looked at: one of a fork belongs to the past. */
  get #isOfNow() {
    return this.#asked?.race.fork === 0;
  }

  get #chosen() {
    return /** @type {Measure} */ (this.#measure.value);
  }

  /** Seeds that all variants have: only these can be compared. @param {Asked} asked */
  #common({ ends, count }) {
    return Array.from({ length: count }, (_, seed) => seed).filter((seed) => ends.every((all) => all[seed]));
  }

  /** Their values, of each variant. @param {Asked} asked */
  #values(asked) {
    const seeds = this.#common(asked);
    return asked.ends.map((all) => seeds.map((seed) => valueOf(this.#chosen, /** @type {End} */ (all[seed]))));
  }

  /** Everything, in the language of now. */
  async show() {
    this.#draw();
    const asked = this.#asked;
    const values = asked ? this.#values(asked) : [];
    const isDone = asked && !this.#isUnderWay && values[0].length > 1;
    if (!isDone) {
      this.#words.replaceChildren();
      return;
    }
    this.#judge ??= newSession();
    const { race } = asked;
    const sentences = await sentencesOf(this.#judge, this.#chosen, values, namesOf(here(race), race.variants), this.#with.value === 'best');
    if (this.#asked === asked) this.#words.replaceChildren(...sentences.map((sentence) => h('li', {}, sentence)));
  }

  /** Without held-out points, or classes, there are fewer numbers to judge by. */
  #measures() {
    const can = MEASURES.filter((measure) => this.#room.canJudge(measure));
    for (const option of this.#measure.options) option.disabled = !can.some((measure) => measure === option.value);
    if (can.length && this.#measure.selectedOptions[0]?.disabled) this.#measure.value = can[0];
  }

  #draw() {
    const asked = this.#asked;
    this.#strips.hidden = !asked;
    byId('luck-click', HTMLElement).hidden = !this.#isOfNow;
    byId('luck-table', HTMLElement).hidden = !asked;
    this.#said.textContent = '';
    if (!asked) return;
    const { ends, done, seconds, count, steps } = asked;
    const all = count * ends.length;
    this.#progress.max = all;
    this.#progress.value = done;
    const until = steps === undefined ? t('luck-at-end') : t('luck-at-step', { step: written(steps) });
    this.#said.textContent = t(this.#isUnderWay || done === all ? 'luck-progress' : 'luck-cancelled', { done: written(done), all: written(all), seconds: seconds.toFixed(1), until });
    const values = this.#values(asked);
    if (values[0].length === 0) return;
    this.#strips.replaceChildren(strip(this.#chosen, values, this.#common(asked), Math.max(280, this.#strips.clientWidth)));
    const names = namesOf(here(asked.race), asked.race.variants);
    this.#numbers.replaceChildren(...values.map((own, row) =>
      h('tr', { class: `variant-${row}` },
        h('th', { scope: 'row' }, h('span', { class: 'letter' }, String.fromCharCode(65 + row)), ' ', names[row]),
        ...[0.5, 0.25, 0.75].map((share) => h('td', {}, measured(this.#chosen, quantile(own, share)))),
        h('td', {}, written(own.filter((value) => !Number.isFinite(value)).length)),
        h('td', {}, written(own.length)))));
  }
}

/** Whether two races are the same but for the seed, which is another one for each training here. @param {Race} one @param {Race} other */
function isSame(one, other) {
  const without = (/** @type {Race} */ { base, fork, variants }) => JSON.stringify([{ ...base.start, seed: 0 }, base.turns, fork, variants.map((settings) => ({ ...settings, seed: 0 }))]);
  return without(one) === without(other);
}
