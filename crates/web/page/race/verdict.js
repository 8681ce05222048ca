// What many seeds say of two variants. A diverged training counts as worse than any other, and is never left out.

/** @import { Compared, Session } from '../session/protocol.d.ts' */
/** @import { End } from '../session/ends.js' */
import { eventOf } from '../session/session.js';

/** Two variants differ if chance alone would differ as much in fewer than one of twenty races, all comparisons counted together (Bonferroni). */
const SIGNIFICANCE = 0.05;
/** Two accuracies nearer than half a point, and two losses nearer than this share, are too near to matter: as in the labs' reports. */
const SAME_ACCURACY = 0.005;
const SAME_LOSS = 0.01;

/** @typedef {'heldOutAccuracy' | 'heldOutLoss' | 'accuracy' | 'loss'} Measure */
/** @type {Measure[]} */
export const MEASURES = ['heldOutAccuracy', 'heldOutLoss', 'accuracy', 'loss'];
/** @param {Measure} measure */
export const isLoss = (measure) => measure === 'loss' || measure === 'heldOutLoss';

/** Of a diverged one infinity, on the side that is worse. @param {Measure} measure @param {End} end */
export function valueOf(measure, end) {
  const value = end[measure];
  if (!end.isDiverged && Number.isFinite(value)) return value;
  return isLoss(measure) ? Infinity : -Infinity;
}

/** @param {number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below === above ? below : below + (place - Math.floor(place)) * (above - below);
}

/** The one with the best median; of several, the first. @param {Measure} measure @param {number[][]} values */
export function bestOf(measure, values) {
  const medians = values.map((all) => quantile(all, 0.5));
  return medians.indexOf(isLoss(measure) ? Math.min(...medians) : Math.max(...medians));
}

/**
 * What p must be below. Whoever compares with the best has looked at all pairs to find it.
 * @param {number} variants
 * @param {boolean} isWithBest
 */
export const levelOf = (variants, isWithBest) => SIGNIFICANCE / (isWithBest ? (variants * (variants - 1)) / 2 : variants - 1);

/**
 * @typedef {object} Verdict
 * @property {'same' | 'untold' | 'negligible' | 'told'} kind
 * @property {number} better which of the two, 0 or 1, where it is told
 * @property {number} wins share of the seeds, ties counting half
 * @property {number | null} difference median of the differences; none where a diverged training decides it
 * @property {number | null} p
 */

/**
 * Compare two variants seed by seed.
 * @param {Session} session
 * @param {Measure} measure
 * @param {[number[], number[]]} pair
 * @param {number} level
 * @returns {Promise<Verdict>}
 */
export async function verdictOf(session, measure, pair, level) {
  // The test looks at ranks alone: any number beyond all others is as good as infinity.
  const finite = pair.flat().filter(Number.isFinite);
  const [least, most] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  const beyond = isLoss(measure) ? most + 2 * (most - least + 1) : least - 2 * (most - least + 1);
  const [first, second] = pair.map((values) => values.map((value) => (Number.isFinite(value) ? value : beyond)));
  const compared = /** @type {Compared} */ (eventOf(await session.ask({ do: 'compare', first, second }), 'compared'));
  const wins = isLoss(measure) ? 1 - compared.wins : compared.wins;
  const better = wins >= 0.5 ? 0 : 1;
  const isOfDiverged = Math.abs(compared.median) > most - least;
  const difference = isOfDiverged ? null : Math.abs(compared.median);
  const worse = quantile(pair[1 - better], 0.5);
  const near = isLoss(measure) ? SAME_LOSS * Math.abs(worse) : SAME_ACCURACY;
  const { p } = compared;
  const isTold = p !== null && p < level;
  const kind = p === null ? 'same' : !isTold ? 'untold' : difference !== null && difference < near ? 'negligible' : 'told';
  return { kind, better, wins: Math.max(wins, 1 - wins), difference, p };
}
