// What is drawn, as a person asks for it and as a link says it.

/** @import { Settings } from '../session/settings.js' */
/** @import { Axis, Range } from './axes.js' */
import { h } from '../common/dom.js';
import { stepper } from '../common/stepper.js';
import { t } from '../common/words.js';
import { LinkError } from '../session/link.js';
import { AXES, axisOf } from './axes.js';

/**
 * @typedef {object} Asked
 * @property {[Axis, Axis]} axes
 * @property {[Range, Range]} ranges
 * @property {number} cells
 * @property {number} steps
 * @property {string} show
 */

const CELLS = [16, 32, 64];
const SHOWN = ['held-out', 'learned'];
const MOST_STEPS = 100000;

/** Where a link says nothing. @param {Settings} settings @returns {Asked} */
export function usual(settings) {
  const axes = AXES.filter((axis) => axis.applies(settings)).slice(0, 2);
  return { axes: [axes[0], axes[1]], ranges: [axes[0].range, axes[1].range], cells: 32, steps: 500, show: 'held-out' };
}

/** As parts of a link. @param {Asked} asked */
export function partsOf({ axes, ranges, cells, steps, show }) {
  const side = (/** @type {0 | 1} */ at) => `${axes[at].key}:${ranges[at].join('..')}`;
  return `&x=${side(0)}&y=${side(1)}&cells=${cells}&steps=${steps}&show=${show}`;
}

/**
 * What a link asks for.
 * @param {Map<string, string>} parts
 * @param {Settings} settings
 * @returns {Asked}
 * @throws {LinkError}
 */
export function askedOf(parts, settings) {
  const asked = usual(settings);
  for (const [name, at] of /** @type {['x' | 'y', 0 | 1][]} */ ([['x', 0], ['y', 1]])) {
    const said = parts.get(name);
    if (said === undefined) continue;
    const [, key, low, high] = /^([a-z0-9]+):([\d.e+-]+?)\.\.([\d.e+-]+)$/.exec(said) ?? [];
    const axis = axisOf(key);
    const range = /** @type {Range} */ ([Number(low), Number(high)]);
    const isRight = axis?.applies(settings) && range[0] < range[1] && range[0] >= axis.limits[0] && range[1] <= axis.limits[1];
    if (!axis || !isRight) throw new LinkError(name, said);
    asked.axes[at] = axis;
    asked.ranges[at] = range;
  }
  if (asked.axes[0] === asked.axes[1]) throw new LinkError('y', parts.get('y') ?? '');
  const cells = Number(parts.get('cells') ?? asked.cells);
  if (!CELLS.includes(cells)) throw new LinkError('cells', parts.get('cells') ?? '');
  const steps = Number(parts.get('steps') ?? asked.steps);
  if (!isSteps(steps)) throw new LinkError('steps', parts.get('steps') ?? '');
  const show = parts.get('show') ?? asked.show;
  if (!SHOWN.includes(show)) throw new LinkError('show', show);
  return { ...asked, cells, steps, show };
}

/** @param {number} steps */
const isSteps = (steps) => Number.isInteger(steps) && steps >= 1 && steps <= MOST_STEPS;

/** The knobs for it. */
export class AskedKnobs {
  #x = h('select', { id: 'axis-x' });
  #y = h('select', { id: 'axis-y' });
  #cells = h('select', { id: 'cells' }, ...CELLS.map((cells) => h('option', { value: cells, t: `cells-${cells}` })));
  #show = h('select', { id: 'show' }, ...SHOWN.map((show) => h('option', { value: show, t: `show-${show}` })));
  #steps;
  #changed;

  /** @param {HTMLElement} room @param {(change: Partial<Asked>) => void} changed */
  constructor(room, changed) {
    this.#changed = changed;
    const error = h('p', { class: 'error', id: 'steps-error', hidden: true });
    this.#steps = stepper({
      id: 'steps',
      ladder: [10, 30, 100, 300, 1000, 3000, 10000],
      changed: (steps, text) => {
        const isRight = isSteps(steps);
        error.hidden = isRight;
        error.textContent = isRight ? '' : t('expected-whole', { least: 1, most: MOST_STEPS, got: text });
        this.#steps.input.setAttribute('aria-invalid', String(!isRight));
        this.#steps.input.toggleAttribute('aria-describedby', false);
        if (!isRight) this.#steps.input.setAttribute('aria-describedby', error.id);
        else changed({ steps });
      },
    });
    this.#cells.addEventListener('change', () => changed({ cells: Number(this.#cells.value) }));
    this.#show.addEventListener('change', () => changed({ show: this.#show.value }));
    const knob = (/** @type {string} */ id, /** @type {string} */ word, /** @type {HTMLElement[]} */ ...controls) =>
      h('div', { class: 'knob' }, h('label', { for: id, t: word }), ...controls);
    room.append(
      knob('axis-x', 'left-to-right', this.#x), knob('axis-y', 'below-to-above', this.#y), knob('show', 'knob-show', this.#show),
      knob('cells', 'knob-cells', this.#cells), knob('steps', 'knob-steps', this.#steps.element, error),
    );
  }

  /** @param {Asked} asked @param {Settings} settings */
  show({ axes, ranges, cells, steps, show }, settings) {
    const choices = AXES.filter((axis) => axis.applies(settings));
    [this.#x, this.#y].forEach((select, at) => {
      select.replaceChildren(...choices.map(({ key }) => h('option', { value: key }, t(`axis-${key}`))));
      select.value = axes[at].key;
      select.onchange = () => {
        const axis = /** @type {Axis} */ (axisOf(select.value));
        const other = at === 0 ? 1 : 0;
        // What lies along the other side already changes places.
        const isSwap = axis === axes[other];
        const own = isSwap ? ranges[other] : axis.range;
        const [kept, keptRange] = isSwap ? [axes[at], ranges[at]] : [axes[other], ranges[other]];
        this.#changed(at === 0 ? { axes: [axis, kept], ranges: [own, keptRange] } : { axes: [kept, axis], ranges: [keptRange, own] });
      };
    });
    this.#cells.value = String(cells);
    this.#show.value = show;
    this.#show.disabled = settings.share === 0;
    this.#steps.show(steps);
  }
}
