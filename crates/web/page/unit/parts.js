// What the arithmetic is written with: headed sections, equations of terms, and sums as tables.

/** @import { Part } from '../common/math.js' */
import { h } from '../common/dom.js';
import { display, math } from '../common/math.js';
import { t } from '../common/words.js';

/** A longer sum is folded after so many terms; a few more than that are all shown. */
const MOST_TERMS = 10;
const FEW = 4;
/** @param {number} terms */
export const isLong = (terms) => terms > MOST_TERMS + FEW;

/**
 * A step of the way: its name, its formula with a link to its derivation, and its numbers.
 * @param {{ title: string, formula?: Part[], document?: string, said?: string }} head
 * @param {(Node | string)[]} numbers
 */
export function step({ title, formula, document: derivation, said }, ...numbers) {
  const link = derivation ? [h('a', { 't-document': derivation }, t('derivation'))] : [];
  return h('section', { class: 'step' },
    h('div', { class: 'head' }, h('h4', {}, title), ...link),
    ...(formula ? [h('div', { class: 'written' }, display(...formula))] : []),
    ...(said ? [h('p', { class: 'soft' }, said)] : []),
    ...numbers);
}

/** Terms in a line, with the signs between them. @param {(HTMLElement | string)[]} parts */
export function equation(...parts) {
  return h('p', { class: 'equation' }, ...parts.map((part) => (typeof part === 'string' ? h('span', { class: 'sign' }, part) : part)));
}

/**
 * @typedef {object} Sum
 * @property {string} label
 * @property {[Part[], string][]} heads of the columns of numbers, as symbols and in words: two factors, and their product
 * @property {{ name: string, terms: HTMLElement[] }[]} rows
 * @property {(from: number) => HTMLElement} rest the sum of the products from a row on, which are folded
 * @property {{ name: string, term: HTMLElement }[]} ends below the products: a bias, the sum
 * @property {{ isOpen: boolean }} fold
 */

/** A sum of products, a line each. @param {Sum} sum */
export function sumOf({ label, heads, rows, rest, ends, fold }) {
  const line = (/** @type {{ name: string, terms: HTMLElement[] }} */ { name, terms }) =>
    h('tr', {}, h('th', { scope: 'row' }, name), ...terms.map((term, at) => h('td', { class: ['first', 'times', 'is'][at] }, term)));
  const last = (/** @type {string} */ name, /** @type {HTMLElement} */ term, kind = '') =>
    h('tr', { class: kind }, h('th', { scope: 'row', colspan: 3 }, name), h('td', { class: 'is' }, term));
  const isFolded = !fold.isOpen && isLong(rows.length);
  const shown = isFolded ? rows.slice(0, MOST_TERMS) : rows;
  const body = h('tbody', {}, ...shown.map(line));
  if (isFolded) body.append(last(t('more-terms', { n: rows.length - MOST_TERMS }), rest(MOST_TERMS), 'folded'));
  ends.forEach(({ name, term }, at) => body.append(last(name, term, at === ends.length - 1 ? 'sum' : '')));
  const heading = heads.map(([symbol, words]) => h('th', { scope: 'col' }, math(...symbol), h('span', {}, words)));
  return h('table', { class: 'terms', 'aria-label': label }, h('thead', {}, h('tr', {}, h('td', {}), ...heading)), body);
}
