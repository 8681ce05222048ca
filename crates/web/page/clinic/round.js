// Which patients there are in a round, and what they bring: plain data, and the fragment of a link.

/** @import { Difficulty } from '../session/protocol.d.ts' */

/**
 * @typedef {object} Round
 * @property {number} seed of the first patient; the next one has the next seed
 * @property {Difficulty} difficulty
 * @property {number} patients 0 where there is no end: then every patient is a first one
 * @property {number} at which one, from 0
 */
/**
 * @typedef {object} Outcome of one patient
 * @property {string[]} faults
 * @property {number} answers until it was named; 0 where it was not
 * @property {number} trials until it was healed; 0 where it was not
 */

/** Of a patient that somebody passed by. @type {Outcome} */
export const SKIPPED = { faults: ['?'], answers: 0, trials: 0 };

/** @type {Difficulty[]} */
export const DIFFICULTIES = ['easy', 'medium', 'hard'];
export const MOST_PATIENTS = 50;
export const MOST_SEED = 4294967295 - MOST_PATIENTS;

/** Points for a right name at the first answer, at the second, …; and for a cure that heals at the first trial, at the second, …. */
const NAMING = [4, 2, 1];
const HEALING = [6, 5, 4, 3, 2];
export const MOST_POINTS = NAMING[0] + HEALING[0];

/** @param {number[]} points @param {number} count from 1; 0 for never */
const pointsAt = (points, count, least = 0) => (count === 0 ? 0 : (points[count - 1] ?? least));

/** @param {Outcome} outcome */
export function pointsOf({ answers, trials }) {
  // Whoever heals at all has the last of the points.
  return { naming: pointsAt(NAMING, answers), healing: pointsAt(HEALING, trials, HEALING[HEALING.length - 1]) };
}

/** @param {Round} round */
export function fragmentOf({ seed, difficulty, patients, at }) {
  const parts = [`seed=${seed}`, `difficulty=${difficulty}`, ...(patients ? [`patients=${patients}`] : []), ...(at ? [`at=${at + 1}`] : [])];
  return `#${parts.join('&')}`;
}

/** The round that a fragment says; what it does not say, or says wrongly, is the usual. @param {string} fragment @returns {{ round: Round, wrong: string | null }} */
export function roundOf(fragment) {
  const said = new URLSearchParams(fragment.replace(/^#/, ''));
  /** @type {string | null} */
  let wrong = null;
  const number = (/** @type {string} */ key, /** @type {number} */ least, /** @type {number} */ most, /** @type {number} */ usual) => {
    const text = said.get(key);
    if (text === null) return usual;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    wrong = `${key}=${text}`;
    return usual;
  };
  const asked = said.get('difficulty') ?? 'easy';
  const difficulty = DIFFICULTIES.find((known) => known === asked);
  if (!difficulty) wrong = `difficulty=${asked}`;
  const patients = number('patients', 1, MOST_PATIENTS, 0);
  const at = number('at', 1, Math.max(1, patients), 1) - 1;
  return { round: { seed: number('seed', 0, MOST_SEED, 1), difficulty: difficulty ?? 'easy', patients, at }, wrong };
}

/** @param {Round} round */
const keyOf = ({ seed, difficulty, patients }) => `nablab-clinic-${seed}-${difficulty}-${patients}`;

/** What came of the patients of a class's round so far: a page that is loaded again loses nothing. @param {Round} round @returns {Outcome[]} */
export function outcomesOf(round) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(round)) ?? '[]');
  } catch {
    return [];
  }
}

/** @param {Round} round @param {Outcome[]} outcomes */
export function keep(round, outcomes) {
  try {
    sessionStorage.setItem(keyOf(round), JSON.stringify(outcomes));
  } catch {
    // A browser that keeps nothing begins again.
  }
}
