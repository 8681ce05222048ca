// From a loss to a share of the colours: logarithmic, over the losses that the map has.

/** What is far above most of the map does not take the colours from it: the scale ends at so many times the median, or the least. */
const OF_MEDIAN = 3;
const OF_LEAST = 10;
/** The scale spans this factor at most. */
const LONGEST = 1e4;

/** @typedef {{ low: number, high: number, isCutBelow: boolean, isCutAbove: boolean }} Scale */

/** @param {number[]} losses finite @returns {Scale | null} */
export function scaleOf(losses) {
  const sorted = losses.filter((loss) => loss > 0).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const median = sorted[Math.floor(sorted.length / 2)];
  const high = Math.min(most, Math.max(OF_MEDIAN * median, OF_LEAST * least));
  const low = Math.max(least, high / LONGEST);
  return { low, high, isCutBelow: low > least, isCutAbove: high < most };
}

/** @param {Scale} scale @param {number} loss */
export function shareOf({ low, high }, loss) {
  return high > low ? Math.log(Math.max(loss, low) / low) / Math.log(high / low) : 0;
}
