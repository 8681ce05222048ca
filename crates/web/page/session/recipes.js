// Recipes in the settings of the page: what a patient has, and what an advice changes.

/** @import { Generated, Plan, Recipe } from './protocol.d.ts' */
/** @import { Layer, Settings } from './settings.js' */
import { ACTIVATIONS, copyOf, KNOBS, MOMENTA, START } from './settings.js';

/** A recipe says something that the page has no knob for. */
class NoKnob extends Error {}

/** @param {unknown} value */
const nameOf = (value) => (typeof value === 'string' ? value : Object.keys(/** @type {object} */ (value))[0]);

/** A choice of a knob. @param {string} key @param {unknown} value */
function choice(key, value) {
  const name = nameOf(value);
  if (!KNOBS.find((knob) => knob.key === key)?.choices?.includes(name)) throw new NoKnob(key);
  return name;
}

/** First weights: normal ones have a spread, and two of them names. @param {unknown} value @returns {Partial<Settings>} */
function init(value) {
  const scale = /** @type {{ normal?: { scale: number } }} */ (value).normal?.scale;
  if (scale === undefined) return { init: choice('init', value) };
  if (scale === 0.01) return { init: 'small' };
  if (scale === 10) return { init: 'large' };
  return { init: 'normal', spread: scale };
}

/** @param {{ units: number, activation: unknown, dropout?: number, batch_norm?: boolean }} layer @returns {Layer} */
function layer({ units, activation, dropout = 0, batch_norm = false }) {
  const name = nameOf(activation);
  if (batch_norm || !ACTIVATIONS.includes(name)) throw new NoKnob('hidden');
  return { units, activation: name, dropout };
}

/** @type {Record<string, (value: any) => Partial<Settings>>} */
const KEYS = {
  hidden: (layers) => ({ net: layers.map(layer) }),
  init,
  penalty: ({ l2, l1 }) => ({ l2, l1 }),
  optimizer(value) {
    const rule = choice('rule', value);
    // The page has AdamW with its usual decay alone.
    if (rule === 'adam-w' && typeof value !== 'string') throw new NoKnob('optimizer');
    const beta = typeof value === 'string' ? undefined : value[rule][MOMENTA[rule]];
    return beta === undefined ? { rule } : { rule, beta };
  },
  learning_rate: (rate) => ({ rate }),
  schedule: (value) => ({ schedule: choice('schedule', value) }),
  batch_size: (size) => ({ batch: size === 'all' ? 0 : size }),
  epochs: (epochs) => ({ epochs }),
  seed: (seed) => ({ seed }),
  precision: (precision) => ({ precision }),
};

/**
 * What these keys of a recipe change; none where the page has no knob for one of them.
 * @param {Recipe} recipe
 * @returns {Partial<Settings> | null}
 */
export function changeOf(recipe) {
  try {
    return Object.assign({}, ...Object.entries(recipe).map(([key, value]) => {
      if (!KEYS[key]) throw new NoKnob(key);
      return KEYS[key](value);
    }));
  } catch (error) {
    if (error instanceof NoKnob) return null;
    throw error;
  }
}

/**
 * The settings of a plan that says everything.
 * @param {Plan} plan
 * @returns {Settings}
 */
export function settingsOf({ data: source, recipe }) {
  const data = /** @type {Generated} */ (source);
  const { validation, ...rest } = recipe;
  const { share } = /** @type {{ share: number }} */ (validation);
  const change = changeOf(rest);
  if (!change) throw new Error('a patient is made of what the page has knobs for');
  return { ...copyOf(START), data: data.source, samples: data.samples, noise: data.noise, points: data.seed, share, ...change };
}
