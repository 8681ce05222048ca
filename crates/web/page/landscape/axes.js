// What can lie along a side of the map: a number of a recipe, the values it goes through, and how a training gets it.

/** @import { Settings } from '../session/settings.js' */
import { copyOf, KNOBS, MOST_UNITS } from '../session/settings.js';

/** @typedef {[number, number]} Range from the lower end to the upper one */
/**
 * @typedef {object} Axis
 * @property {string} key also its name in a link
 * @property {Range} range of the whole map
 * @property {Range} limits nothing lies outside of them
 * @property {boolean} isLog each step is a factor
 * @property {boolean} isWhole
 * @property {(settings: Settings) => number | null} of a training; none where it has no single one
 * @property {(settings: Settings, value: number) => void} put it into a training
 * @property {(settings: Settings) => boolean} applies whether a training has it
 */

/** Digits of a value: a link says what was trained. */
const DIGITS = 4;
/** Deviations of first weights that have a name. @type {Record<string, number>} */
const SPREADS = { small: 0.01, large: 10 };

/** @param {'rate' | 'l2' | 'beta'} key @param {Range} range */
function knob(key, range, isLog = true) {
  const { least = 0, most = 0, applies = () => true } = KNOBS.find((knob) => knob.key === key) ?? {};
  return {
    key, range, isLog, isWhole: false, limits: /** @type {Range} */ ([isLog ? Math.max(least, 1e-6) : least, most]), applies,
    of: (/** @type {Settings} */ settings) => settings[key],
    put: (/** @type {Settings} */ settings, /** @type {number} */ value) => { settings[key] = value; },
  };
}

/** @type {Axis[]} */
export const AXES = [
  knob('rate', [0.001, 100]),
  {
    key: 'spread', range: [0.01, 100], limits: [1e-6, 1000], isLog: true, isWhole: false, applies: () => true,
    of: ({ init, spread }) => (init === 'normal' ? spread : (SPREADS[init] ?? null)),
    put: (settings, value) => Object.assign(settings, { init: 'normal', spread: value }),
  },
  knob('l2', [0.001, 1000]),
  knob('beta', [0, 0.9999], false),
  {
    key: 'batch', range: [1, 256], limits: [1, 20000], isLog: true, isWhole: true, applies: ({ rule }) => rule !== 'l-bfgs',
    of: ({ batch }) => batch || null,
    put: (settings, value) => { settings.batch = value; },
  },
  {
    key: 'units', range: [1, MOST_UNITS], limits: [1, MOST_UNITS], isLog: true, isWhole: true, applies: ({ net }) => net.length > 0,
    of: ({ net }) => net[0]?.units ?? null,
    put: (settings, value) => { settings.net[0].units = value; },
  },
];

/** @param {string} key */
export const axisOf = (key) => AXES.find((axis) => axis.key === key);

/** The value that lies at a share of a range. @param {Axis} axis @param {Range} range @param {number} share */
export function valueAt({ isLog }, [low, high], share) {
  return isLog ? low * (high / low) ** share : low + (high - low) * share;
}

/** The share of a range at which a value lies. @param {Axis} axis @param {Range} range @param {number} value */
export function shareAt({ isLog }, [low, high], value) {
  return isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** As it is trained and written. @param {Axis} axis @param {number} value */
export function rounded({ isWhole, limits }, value) {
  const near = isWhole ? Math.round(value) : Number(value.toPrecision(DIGITS));
  return Math.min(limits[1], Math.max(limits[0], near));
}

/**
 * A part of a range, by shares of it: within the limits, and not narrower than numbers can be told apart.
 * @param {Axis} axis
 * @param {Range} range
 * @param {number} from
 * @param {number} to
 * @returns {Range}
 */
export function part(axis, range, from, to) {
  const ends = [from, to].map((share) => Math.min(axis.limits[1], Math.max(axis.limits[0], valueAt(axis, range, share))));
  const [low, high] = ends.map((end) => Number(end.toPrecision(DIGITS)));
  const isNarrow = axis.isWhole ? high - low < 1 : axis.isLog ? high / low < 1.02 : high - low < 1e-4;
  return isNarrow ? range : [low, high];
}

/**
 * A training with these values.
 * @param {Settings} settings
 * @param {[Axis, number][]} values
 */
export function withValues(settings, values) {
  const changed = copyOf(settings);
  for (const [axis, value] of values) axis.put(changed, value);
  return changed;
}

/** Values at which a line is drawn. @param {Axis} axis @param {Range} range */
export function ticksOf({ isLog, isWhole }, [low, high]) {
  const most = 8;
  if (isLog) {
    const powers = Math.log10(high / low);
    const digits = powers > 3 ? [1] : powers > 0.8 ? [1, 2, 5] : [];
    if (digits.length) {
      const every = Math.ceil(powers / most);
      const first = Math.floor(Math.log10(low));
      return Array.from({ length: Math.ceil(powers) + 2 }, (_, at) => first + at)
        .filter((power) => power % every === 0)
        .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
        .filter((tick) => tick >= low * 0.999 && tick <= high * 1.001 && (!isWhole || Number.isInteger(tick)));
    }
  }
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= rough) ?? rough;
  const gap = isWhole ? Math.max(1, step) : step;
  const count = Math.floor(high / gap + 1e-9) - Math.ceil(low / gap - 1e-9) + 1;
  return Array.from({ length: count }, (_, at) => Number(((Math.ceil(low / gap - 1e-9) + at) * gap).toPrecision(6)));
}
