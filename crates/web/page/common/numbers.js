// Numbers for people: so many digits that tell, below one another with the same decimals.

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** Outside of these powers of ten a number has the power written. */
const [LOWEST, HIGHEST] = [-4, 5];

/** @param {number} value @param {number} decimals */
const fixed = (value, decimals) => value.toFixed(decimals).replace(/^-(?=.*[1-9])/, '−').replace('-', '');

/** @param {number} power */
export const powerOfTen = (power) =>
  `10${power < 0 ? '⁻' : ''}${[...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')}`;

/** @param {number} value not 0 */
const exponentOf = (value) => Math.floor(Math.log10(Math.abs(value)));

/**
 * Writes numbers that stand below one another or are added up: the largest of them has that many digits.
 * @param {(number | null)[]} values
 * @param {number} [digits]
 * @returns {(value: number | null) => string}
 */
export function writer(values, digits = 4) {
  const most = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)).filter(Number.isFinite));
  const exponent = most > 0 ? exponentOf(most) : 0;
  const isFar = exponent < LOWEST || exponent > HIGHEST;
  const [scale, power] = isFar ? [10 ** exponent, ` · ${powerOfTen(exponent)}`] : [1, ''];
  const decimals = Math.max(0, digits - 1 - (isFar ? 0 : exponent));
  return (value) => (value === null || !Number.isFinite(value) ? '–' : value === 0 ? '0' : `${fixed(value / scale, decimals)}${power}`);
}

/** One number alone. @param {number | null} value @param {number} [digits] */
export const plain = (value, digits = 4) => (Number.isInteger(value) && Math.abs(Number(value)) < 10 ** digits ? setting(Number(value)) : writer([value], digits)(value));
/** As short as it can be written: 0.3 and not 0.3000. @param {number} value */
export const setting = (value) => String(value).replace('-', '−');
/** As short as it can be written, with a power of ten where there are many zeros: 2 · 10⁻⁵. @param {number} value */
export function brief(value) {
  const exponent = value === 0 ? 0 : exponentOf(value);
  if (exponent > LOWEST && exponent < HIGHEST) return setting(value);
  const digits = Number((value / 10 ** exponent).toPrecision(4));
  return digits === 1 ? powerOfTen(exponent) : `${setting(digits)} · ${powerOfTen(exponent)}`;
}
