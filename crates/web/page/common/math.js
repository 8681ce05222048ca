// Formulas in MathML, as the pages of formulas write them.

const NAMESPACE = 'http://www.w3.org/1998/Math/MathML';

/** @typedef {Node | string} Part letters are names, digits are numbers, all else is an operator */

/**
 * An element of a formula.
 * @param {string} tag
 * @param {Part[]} parts
 */
export function m(tag, ...parts) {
  const element = document.createElementNS(NAMESPACE, tag);
  element.append(...parts);
  return element;
}

/** @param {string} text */
function leaf(text) {
  if (/^[−-]?[\d.]/.test(text)) return m('mn', text);
  // Words of more than one letter stand upright, as MathML has it.
  if (/^\p{L}+$/u.test(text)) return m('mi', text);
  const operator = m('mo', text);
  // Brackets are as high as a letter.
  if ('()'.includes(text)) operator.setAttribute('stretchy', 'false');
  if (text === '′') for (const side of ['lspace', 'rspace']) operator.setAttribute(side, '0');
  return operator;
}

/** Parts in a row. @param {Part[]} parts */
export const row = (...parts) => m('mrow', ...parts.map((part) => (typeof part === 'string' ? leaf(part) : part)));
/** @param {Part} base @param {Part} index */
export const sub = (base, index) => m('msub', row(base), row(index));
/** @param {Part} base @param {Part} power */
export const sup = (base, power) => m('msup', row(base), row(power));
/** @param {Part} over @param {Part} under */
export const fraction = (over, under) => m('mfrac', row(over), row(under));
/** A sum over an index. @param {string} index */
export const sum = (index) => m('munder', m('mo', '∑'), row(index));
/** The derivative by something: dz. @param {Part} of */
export function d(of) {
  const sign = m('mi', 'd');
  sign.setAttribute('mathvariant', 'normal');
  return row(sign, of);
}

/** @param {Part[]} parts */
export const math = (...parts) => m('math', row(...parts));
/** In a line of its own, with its sums large. @param {Part[]} parts */
export function display(...parts) {
  const formula = math(...parts);
  formula.setAttribute('display', 'block');
  return formula;
}

/** A value for each case. @param {[Part[], Part[]][]} lines value and condition */
export function cases(...lines) {
  const line = (/** @type {[Part[], Part[]]} */ [value, condition]) => m('mtr', m('mtd', row(...value)), m('mtd', row(...condition)));
  return row('{', m('mtable', ...lines.map(line)));
}
