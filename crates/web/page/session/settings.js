// What a person can set, and the plan that it makes.

/** @import { Change, Plan, Recipe, Source } from './protocol.d.ts' */
import { tableOf } from './files.js';

/** @typedef {{ units: number, activation: string, dropout: number }} Layer */
/**
 * @typedef {object} Settings
 * @property {string} data `file` for a table of the reader's own
 * @property {string} file its name
 * @property {string} sum a check of what is in it, so that a link knows another file of this name
 * @property {string} target the column that is to be predicted
 * @property {number} samples
 * @property {number} noise
 * @property {number} points seed of the points
 * @property {number} share held out
 * @property {Layer[]} net hidden layers
 * @property {string} init
 * @property {number} spread standard deviation of the first weights, where `init` is `normal`
 * @property {number} l2
 * @property {number} l1
 * @property {string} rule
 * @property {number} beta share that the rule keeps of what it went before, where it has a momentum
 * @property {number} rate
 * @property {string} schedule
 * @property {number} batch 0 for all
 * @property {number} epochs
 * @property {string} precision
 * @property {number} seed of weights, batches and masks
 */
/** @typedef {{ step: number, set?: [number, number], settings?: Settings }} Turn a change on the way */
/** @typedef {{ start: Settings, turns: Turn[] }} Course a training as the page holds it */

export const ACTIVATIONS = ['relu', 'tanh', 'sigmoid', 'leaky-relu', 'identity'];
export const MOST_LAYERS = 6;
export const MOST_UNITS = 64;

/** What only a training on the reader's own table has. @type {('file' | 'sum' | 'target')[]} */
export const OF_FILE = ['file', 'sum', 'target'];
/** @typedef {Exclude<keyof Settings, 'net' | 'file' | 'sum' | 'target'>} Key */
/**
 * @typedef {object} Knob
 * @property {Key} key also its name in a link
 * @property {'data' | 'training' | 'network'} group
 * @property {string[]} [choices]
 * @property {number[]} [ladder] values that the buttons − and + go along
 * @property {number} [least]
 * @property {number} [most]
 * @property {boolean} [whole]
 * @property {boolean} [onTheWay] it can change in the middle of a training
 * @property {(settings: Settings) => boolean} [applies] whether a training has it; without, each has
 * @property {boolean} [isQuiet] a link leaves it out at its usual value
 */

const SEEDS = Array.from({ length: 10 }, (_, seed) => seed);
/** What the momentum of a rule is called in a recipe. @type {Record<string, string>} */
export const MOMENTA = { momentum: 'beta', nesterov: 'beta', adam: 'beta1', 'adam-w': 'beta1' };
/** @param {Settings} settings */
export const hasMomentum = ({ rule }) => rule in MOMENTA;
const PENALTIES = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

/** @param {Settings} settings */
const isGenerated = ({ data }) => data !== 'file';

/** @type {Knob[]} */
export const KNOBS = [
  { key: 'data', group: 'data', choices: ['circles', 'moons', 'spirals', 'xor', 'blobs', 'pitch', 'file'] },
  { key: 'samples', group: 'data', ladder: [20, 50, 100, 200, 300, 500, 1000, 2000, 5000], least: 4, most: 20000, whole: true, applies: isGenerated },
  { key: 'noise', group: 'data', ladder: [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 3], least: 0, most: 100, applies: isGenerated },
  { key: 'share', group: 'data', ladder: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], least: 0, most: 0.9 },
  { key: 'points', group: 'data', ladder: SEEDS, least: 0, most: 4294967295, whole: true, applies: isGenerated },
  {
    key: 'rule',
    group: 'training',
    choices: ['gradient-descent', 'momentum', 'nesterov', 'rms-prop', 'adam', 'adam-w', 'l-bfgs'],
    onTheWay: true,
  },
  {
    key: 'rate',
    group: 'training',
    ladder: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    least: 1e-9,
    most: 1000,
    onTheWay: true,
  },
  { key: 'beta', group: 'training', ladder: [0, 0.5, 0.8, 0.9, 0.95, 0.99], least: 0, most: 0.9999, onTheWay: true, applies: hasMomentum, isQuiet: true },
  { key: 'batch', group: 'training', ladder: [0, 1, 2, 4, 8, 16, 32, 64, 128, 256], least: 0, most: 20000, whole: true, onTheWay: true },
  { key: 'schedule', group: 'training', choices: ['constant', 'step', 'exponential', 'inverse-time', 'cosine'], onTheWay: true },
  { key: 'l2', group: 'training', ladder: PENALTIES, least: 0, most: 10000, onTheWay: true },
  { key: 'l1', group: 'training', ladder: PENALTIES, least: 0, most: 10000, onTheWay: true },
  { key: 'epochs', group: 'training', ladder: [10, 50, 100, 200, 500, 1000, 2000, 5000], least: 1, most: 1000000, whole: true, onTheWay: true },
  { key: 'init', group: 'network', choices: ['he', 'xavier', 'lecun', 'small', 'large', 'zeros', 'normal'] },
  { key: 'spread', group: 'network', ladder: [0.01, 0.03, 0.1, 0.3, 1, 3, 10], least: 1e-9, most: 1000, applies: ({ init }) => init === 'normal' },
  { key: 'seed', group: 'network', ladder: SEEDS, least: 0, most: 4294967295, whole: true },
  { key: 'precision', group: 'network', choices: ['f32', 'f64'] },
];

/** @type {Settings} */
export const START = {
  data: 'spirals', file: '', sum: '', target: '', samples: 300, noise: 0.05, points: 0, share: 0.2,
  net: [
    { units: 8, activation: 'tanh', dropout: 0 },
    { units: 8, activation: 'tanh', dropout: 0 },
  ],
  init: 'xavier', spread: 1, l2: 0, l1: 0, rule: 'adam', beta: 0.9, rate: 0.03, schedule: 'constant', batch: 32, epochs: 1000,
  precision: 'f32', seed: 0,
};

/** The noise with which a set is neither trivial nor hopeless. @type {Record<string, number>} */
export const NOISES = { circles: 0.05, moons: 0.2, spirals: 0.05, xor: 0.05, blobs: 1, pitch: 0.12 };

/** @type {Record<string, unknown>} */
const INITS = { small: { normal: { scale: 0.01 } }, large: { normal: { scale: 10 } } };
/** @type {Record<string, unknown>} */
const SCHEDULES = {
  step: { step: { every: 50, factor: 0.5 } },
  exponential: { exponential: { factor: 0.99 } },
  'inverse-time': { 'inverse-time': { decay: 0.01 } },
};

/**
 * A deep copy, so that nobody's settings change behind their back.
 * @param {Settings} settings
 * @returns {Settings}
 */
export function copyOf(settings) {
  return { ...settings, net: settings.net.map((layer) => ({ ...layer })) };
}

/**
 * What a choice brings with it: a set its noise, and L-BFGS what it needs, full batches without dropout.
 * @param {Settings} before
 * @param {Partial<Settings>} change
 * @returns {Settings}
 */
export function changedBy(before, change) {
  const after = copyOf({ ...before, ...change });
  if (change.data && change.data in NOISES) after.noise = NOISES[change.data];
  if (change.rule === 'l-bfgs') {
    after.batch = 0;
    after.net.forEach((layer) => (layer.dropout = 0));
  }
  return after;
}

/**
 * @param {Settings} settings
 * @returns {Recipe}
 */
export function recipeOf(settings) {
  const { data, target, net, init, spread, l2, l1, rule, beta, rate, schedule, batch, epochs, seed, precision, share } = settings;
  /** @param {string} name */
  const activation = (name) => (name === 'leaky-relu' ? { 'leaky-relu': { slope: 0.01 } } : name);
  return {
    hidden: net.map((layer) => ({ ...layer, activation: activation(layer.activation) })),
    init: init === 'normal' ? { normal: { scale: spread } } : (INITS[init] ?? init),
    penalty: { l2, l1 },
    optimizer: rule in MOMENTA && beta !== START.beta ? { [rule]: { [MOMENTA[rule]]: beta } } : rule,
    learning_rate: rate,
    schedule: SCHEDULES[schedule] ?? schedule,
    batch_size: batch === 0 ? 'all' : batch,
    epochs,
    seed,
    precision,
    // The penalty of a table is chosen by its rows where a recipe is silent; here everything is said.
    validation: { share, patience: 0 },
    ...(data === 'file' ? { data: { target: [target] } } : {}),
  };
}

/**
 * @param {Course} course
 * @returns {Plan}
 */
export function planOf({ start, turns }) {
  const { data: source, file, samples, noise, points } = start;
  /** @type {Source} */
  const data = isGenerated(start) ? { source, samples, noise, seed: points } : tableOf(file).source;
  /** @param {Turn} turn @returns {Change} */
  const change = ({ step, set, settings }) => (set ? { step, set } : { step, recipe: recipeOf(settings ?? start) });
  return { data, recipe: recipeOf(start), changes: turns.map(change) };
}

/**
 * The settings that hold at a step.
 * @param {Course} course
 * @param {number} step
 */
export function settingsAt({ start, turns }, step) {
  const before = turns.filter((turn) => turn.settings && turn.step <= step);
  return before.at(-1)?.settings ?? start;
}

/**
 * Whether a training can go on by other settings: the same points and the same units.
 * @param {Settings} before
 * @param {Settings} after
 */
export function isOnTheWay(before, after) {
  const fixed = KNOBS.filter((knob) => !knob.onTheWay);
  const shape = (/** @type {Settings} */ { net }) => net.map((layer) => layer.units).join();
  return [...fixed.map(({ key }) => key), ...OF_FILE].every((key) => before[key] === after[key]) && shape(before) === shape(after);
}

/**
 * What differs between settings.
 * @param {Settings} before
 * @param {Settings} after
 * @returns {(keyof Settings)[]}
 */
export function differences(before, after) {
  const knobs = KNOBS.map(({ key }) => key).filter((key) => before[key] !== after[key]);
  return JSON.stringify(before.net) === JSON.stringify(after.net) ? knobs : [...knobs, 'net'];
}

/**
 * A course with one more turn; what came after it is forgotten, as in the session.
 * @param {Course} course
 * @param {Turn} turn
 * @returns {Course}
 */
export function turned({ start, turns }, turn) {
  const kept = turns.filter(({ step }) => step <= turn.step);
  // Of several values of one parameter at one instant, the last one counts.
  const last = kept.at(-1);
  const isAgain = last?.set && turn.set && last.step === turn.step && last.set[0] === turn.set[0];
  return { start, turns: [...(isAgain ? kept.slice(0, -1) : kept), turn] };
}
