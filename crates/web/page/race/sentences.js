// What a paired test says of variants over many seeds, in words. Nothing is called better that chance may explain.

/** @import { Session } from '../session/protocol.d.ts' */
/** @import { Measure, Verdict } from './verdict.js' */
import { percent, short, t } from '../common/words.js';
import { measured } from './strip.js';
import { bestOf, isLoss, levelOf, quantile, verdictOf } from './verdict.js';

/**
 * A sentence for each variant but the one that it is compared with.
 * @param {Session} session
 * @param {Measure} measure
 * @param {number[][]} values of each variant, seed by seed
 * @param {string[]} names
 * @param {boolean} isWithBest rather than with the first
 */
export async function sentencesOf(session, measure, values, names, isWithBest) {
  const reference = isWithBest ? bestOf(measure, values) : 0;
  const level = levelOf(values.length, isWithBest);
  const called = names.map((name, place) => t('luck-name', { letter: String.fromCharCode(65 + place), name }));
  const sentences = [];
  for (const [place, own] of values.entries()) {
    if (place === reference) continue;
    const verdict = await verdictOf(session, measure, [values[reference], own], level);
    sentences.push(sentenceOf(measure, verdict, [called[reference], called[place]], [values[reference], own], level));
  }
  return sentences;
}

/** @param {Measure} measure @param {Verdict} verdict @param {string[]} names @param {number[][]} values @param {number} level */
function sentenceOf(measure, { kind, better, wins, difference, p }, names, values, level) {
  const order = kind === 'told' || kind === 'negligible' ? [better, 1 - better] : [0, 1];
  const medians = order.map((place) => measured(measure, quantile(values[place], 0.5)));
  const amount = isLoss(measure) ? short : (/** @type {number} */ share) => t('luck-points', { points: (100 * share).toFixed(1) });
  return t(`luck-${kind}`, {
    a: names[order[0]], b: names[order[1]], what: t(`measure-${measure}`), median: medians[0], other: medians[1],
    wins: percent(wins), by: difference === null ? t('luck-by-diverged') : t('luck-by', { difference: amount(difference) }),
    p: probability(p ?? 1), level: Number(level.toPrecision(2)),
  });
}

/** @param {number} p */
const probability = (p) => (p < 0.0001 ? t('less-than', { p: '0.0001' }) : t('is', { p: Number(p.toPrecision(2)) }));
