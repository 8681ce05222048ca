// A race: two to six variants of one training, from its beginning or from an instant on, as a link holds it:
// #v=1&data=…&then=…&fork=300&variants=rate=0.1;rule=momentum,rate=0.1&step=340

/** @import { Course, Settings } from './settings.js' */
import { onTable, tableOf } from './files.js';
import { changesOf, courseOf, fragmentOf, LinkError, partsOfRooms, whole, withChanges } from './link.js';
import { changedBy, copyOf, differences, isOnTheWay, settingsAt } from './settings.js';

export const LEAST_VARIANTS = 2;
export const MOST_VARIANTS = 6;

/**
 * @typedef {object} Race
 * @property {Course} base from a fork on, all share its past
 * @property {number} fork the step from which on they differ; 0 where each is a training of its own
 * @property {Settings[]} variants
 */

/** The settings that a variant changes. @param {Race} race */
export const here = ({ base, fork }) => settingsAt(base, fork);

/** The training of a variant. @param {Race} race @param {Settings} settings @returns {Course} */
export function courseOfVariant(race, settings) {
  const { base, fork } = race;
  if (fork === 0) return { start: settings, turns: [] };
  const isOther = differences(here(race), settings).length > 0;
  return { start: base.start, turns: isOther ? [...base.turns, { step: fork, settings }] : base.turns };
}

/**
 * Two futures of a training from a step on. At its beginning there is no past to share.
 * @param {Course} course
 * @param {number} step
 * @returns {Race}
 */
export function forkOf(course, step) {
  const settings = settingsAt(course, step);
  const base = step === 0 ? { start: settings, turns: [] } : { start: course.start, turns: course.turns.filter((turn) => turn.step <= step) };
  return { base, fork: step, variants: [copyOf(settings), copyOf(settings)] };
}

/**
 * A race with a change of what all variants have; each keeps what is its own. Of a fork the past cannot change.
 * @param {Race} race
 * @param {Partial<Settings>} change
 * @returns {Race}
 */
export function changedForAll(race, change) {
  const before = race.base.start;
  const start = changedBy(before, change);
  const keys = differences(before, start);
  const follow = (/** @type {Settings} */ settings) => {
    const own = differences(before, settings);
    return { ...copyOf(settings), ...Object.fromEntries(keys.filter((key) => !own.includes(key)).map((key) => [key, start[key]])) };
  };
  return { ...race, base: { start, turns: [] }, variants: race.variants.map(follow) };
}

/** The race with another seed, of all variants. @param {Race} race @param {number} seed @returns {Race} */
export function withSeed({ base, fork, variants }, seed) {
  const seeded = (/** @type {Settings} */ settings) => ({ ...settings, seed });
  return { base: { start: seeded(base.start), turns: base.turns }, fork, variants: variants.map(seeded) };
}

/** @param {Race} race @param {number} step */
export function fragmentOfRace(race, step) {
  const { base, fork, variants } = race;
  const said = variants.map((settings) => changesOf(here(race), settings)).join(';');
  return `${fragmentOf(base, step)}${fork ? `&fork=${fork}` : ''}&variants=${said}`;
}

/**
 * The race that a fragment says, and the step; none where it is empty. A training becomes a race of two that are alike yet. What was
 * changed on its way belongs to a past, which only a fork has: without one, the settings of its step are those of the start.
 * @param {string} fragment
 * @returns {{ race: Race, step: number, isSettled: boolean, isOtherFile: boolean } | null} isSettled: no change on the way was left out;
 * isOtherFile: another file of the name is at hand than the link was made with
 * @throws {LinkError}
 */
export function raceOf(fragment) {
  const asked = courseOf(fragment);
  if (!asked) return null;
  const { step } = asked;
  const { data, file, sum, target } = asked.course.start;
  const course = data === 'file' ? onTable(asked.course, tableOf(file), target) : asked.course;
  const parts = partsOfRooms(fragment);
  const fork = whole('fork', parts.get('fork') ?? '0');
  const said = parts.get('variants');
  const isSettled = fork > 0 || course.turns.length === 0;
  const base = isSettled ? course : { start: settingsAt(course, step), turns: [] };
  if ((base.turns.at(-1)?.step ?? 0) > fork) throw new LinkError('fork', String(fork));
  /** @type {Race} */
  const race = { base, fork, variants: [] };
  const settings = here(race);
  race.variants = (said ?? ';').split(';').map((changes) => withChanges(settings, changes));
  const isRight = race.variants.length >= LEAST_VARIANTS && race.variants.length <= MOST_VARIANTS;
  if (!isRight || (fork > 0 && !race.variants.every((variant) => isOnTheWay(settings, variant)))) throw new LinkError('variants', said ?? '');
  return { race, step, isSettled, isOtherFile: course.start.sum !== sum };
}
