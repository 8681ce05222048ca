// Numbers of runs and studies, as people read them.

/** Four digits that tell. @param {number | null | undefined} value */
export function brief(value) {
  if (value === null || value === undefined) return '–';
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : String(Number(value.toPrecision(4)));
}

/** A share of right answers, or R². @param {number | null} score */
export const scored = (score) => (score === null ? '–' : score.toFixed(3));

/** @param {[number, number] | null} interval */
export const between = (interval) => (interval ? `${brief(interval[0])} … ${brief(interval[1])}` : '–');
