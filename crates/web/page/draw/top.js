// Where a linear axis of losses ends: a spike of a few steps does not flatten all others.

/** This share of the losses lies within the axis in any case. */
const WITHIN = 0.95;
/** What lies less than so many times higher is no spike. */
const SPIKE = 3;
const ROOM = 1.05;
/** An axis is not shorter than this: what is left of a loss of nothing is no news. */
const LEAST = 0.1;

/**
 * The end of the axis, and the largest loss where that lies above it.
 * @param {ArrayLike<number | null | undefined>[]} lines
 * @returns {{ top: number, above: number | null }}
 */
export function topOf(lines) {
  const sorted = lines.flatMap((line) => Array.from(line)).filter((loss) => typeof loss === 'number').sort((a, b) => a - b);
  const most = sorted.at(-1) ?? 0;
  const usual = sorted[Math.ceil(WITHIN * sorted.length) - 1] ?? 0;
  const isSpike = most > Math.max(SPIKE * usual, LEAST);
  return { top: Math.max(isSpike ? usual * ROOM * 1.2 : most * ROOM, LEAST), above: isSpike ? most : null };
}
