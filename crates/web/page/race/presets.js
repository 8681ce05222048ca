// Variants at one click: those of the course's labs, made of the training at hand.

/** @import { Race } from '../session/race.js' */
/** @import { Course, Settings } from '../session/settings.js' */
import { byId, h } from '../common/dom.js';
import { LABS } from '../labs/items.js';
import { courseOf } from '../session/link.js';
import { here } from '../session/race.js';
import { changedBy, isOnTheWay, START } from '../session/settings.js';

/** λ and the share dropped, as in the course's lab on regularisation. */
const L2 = 0.7;
const DROPPED = 0.14;
/** Of a mini-batch, where the training at hand takes all points at once. */
const BATCH = 64;

/**
 * @typedef {object} Preset
 * @property {string} name words `preset-NAME`, and `course-NAME` of the lab
 * @property {string} item of the labs, whose training it is there
 * @property {(settings: Settings) => Settings[]} variants
 */

/** @param {Settings} settings @param {number} dropout */
const dropping = ({ net }, dropout) => net.map((layer) => ({ ...layer, dropout }));

/** @type {Preset[]} */
export const PRESETS = [
  {
    name: 'initialisers',
    item: 'initialization.3',
    variants: (settings) => ['zeros', 'large', 'he'].map((init) => changedBy(settings, { init })),
  },
  {
    name: 'regularisers',
    item: 'regularization.2',
    variants: (settings) => {
      const none = changedBy(settings, { l2: 0, l1: 0, net: dropping(settings, 0) });
      return [none, changedBy(none, { l2: L2 }), changedBy(none, { net: dropping(settings, DROPPED) })];
    },
  },
  {
    name: 'rules',
    item: 'optimization.7',
    variants: (settings) => {
      const batch = settings.batch || BATCH;
      const rules = ['gradient-descent', 'momentum', 'adam'].map((rule) => changedBy(settings, { rule, batch }));
      return [changedBy(settings, { rule: 'gradient-descent', batch: 0 }), ...rules];
    },
  },
];

/**
 * A button for each, and one for each with the course's own training.
 * @param {{ chosen: (preset: Preset) => void, asInCourse: (preset: Preset, base: Course) => void }} on
 */
export function offerPresets({ chosen, asInCourse }) {
  const button = (/** @type {string} */ word, /** @type {() => void} */ act) => {
    const element = h('button', { type: 'button', id: word, t: word });
    element.addEventListener('click', act);
    return element;
  };
  for (const preset of PRESETS) {
    byId('presets', HTMLElement).append(button(`preset-${preset.name}`, () => chosen(preset)));
    byId('courses', HTMLElement).append(button(`course-${preset.name}`, () => asInCourse(preset, courseAt(preset.item))));
  }
}

/** The training of an item of the labs. @param {string} item @returns {Course} */
function courseAt(item) {
  const training = LABS.flatMap(({ items }) => items).find(({ id }) => id === item)?.training ?? '';
  return courseOf(training)?.course ?? { start: START, turns: [] };
}

/** A fork takes what can change on the way. @param {Race} race */
export function allowPresets(race) {
  for (const { name, variants } of PRESETS) {
    const isAllowed = race.fork === 0 || variants(here(race)).every((settings) => isOnTheWay(here(race), settings));
    byId(`preset-${name}`, HTMLButtonElement).disabled = !isAllowed;
  }
}
