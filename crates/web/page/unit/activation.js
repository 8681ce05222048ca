// An activation and its slope, with numbers put in.

/** @import { UnitOpened } from '../session/protocol.d.ts' */
/** @import { Part } from '../common/math.js' */
import { cases, fraction, row, sub, sum, sup } from '../common/math.js';
import { plain, setting } from '../common/numbers.js';

/**
 * @typedef {object} Activation
 * @property {string} key of its name in words
 * @property {Part[]} formula of what becomes of z
 * @property {Part[]} filled the same with the number of z; nothing where z alone does not say it
 * @property {Part[]} slope the formula of g′(z)
 * @property {Part[]} slopeFilled
 */

/** @param {number | null} value */
const bracketed = (value) => (Number(value) < 0 ? row('(', plain(value), ')') : plain(value));
const z = 'z';
const e = (/** @type {Part[]} */ ...power) => sup('e', row(...power));

/** @param {Part} of @returns {Part[]} */
const logistic = (of) => [fraction('1', row('1', '+', e('−', of)))];

/** Above 0, and elsewhere. @param {string} above @param {string} below */
const slopes = (above, below) => cases([[above], [z, '>', '0']], [[below], [z, '≤', '0']]);

/** Of a hidden unit, or of the output, where the loss says what becomes of z. @param {UnitOpened} opened @returns {Activation} */
export function activationOf({ activation, loss, back, z: sumOfInputs, activated }) {
  const [zNow, aNow] = [bracketed(sumOfInputs), bracketed(activated)];
  const of = (/** @type {string} */ key, /** @type {Part[]} */ formula, /** @type {Part[]} */ filled, /** @type {Part[]} */ slope = [], /** @type {Part[]} */ slopeFilled = []) =>
    ({ key, formula, filled, slope, slopeFilled });
  if (!back) {
    if (loss === 'softmax-cross-entropy') return of('softmax', [fraction(sup('e', z), row(sum('k'), sup('e', sub(z, 'k'))))], []);
    if (loss.startsWith('sigmoid')) return of('sigmoid', logistic(z), logistic(zNow));
    return of('identity', [z], [zNow]);
  }
  const isAbove = Number(activated) > 0;
  if (typeof activation === 'object' && activation !== null) {
    const slope = setting(Object.values(activation)[0].slope);
    return of('leaky-relu', ['max', '(', slope, z, ',', z, ')'], isAbove ? [zNow] : [slope, '·', zNow], [slopes('1', slope)], [isAbove ? '1' : slope]);
  }
  if (activation === 'tanh') return of('tanh', ['tanh', z], ['tanh', row('(', plain(sumOfInputs), ')')], ['1', '−', sup('a', '2')], ['1', '−', sup(aNow, '2')]);
  if (activation === 'sigmoid') return of('sigmoid', logistic(z), logistic(zNow), ['a', '(', '1', '−', 'a', ')'], [aNow, '·', row('(', '1', '−', aNow, ')')]);
  if (activation === 'relu') return of('relu', ['max', '(', '0', ',', z, ')'], ['max', '(', '0', ',', plain(sumOfInputs), ')'], [slopes('1', '0')], [isAbove ? '1' : '0']);
  return of('identity', [z], [zNow], ['1'], ['1']);
}
