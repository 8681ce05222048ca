// A number that is typed, or goes along a ladder of usual values by − and +, or by the arrow keys.

import { h } from './dom.js';

/**
 * @typedef {object} Stepper
 * @property {HTMLElement} element
 * @property {HTMLInputElement} input
 * @property {(value: number) => void} show
 */

/**
 * @param {object} wanted
 * @param {string} wanted.id
 * @param {number[]} [wanted.ladder]
 * @param {string} [wanted.label] what it is called, where no `label` element says it
 * @param {(value: number) => string} [wanted.write]
 * @param {(text: string) => number} [wanted.read]
 * @param {(value: number) => number} [wanted.up] the next value, instead of a ladder's
 * @param {(value: number) => number} [wanted.down]
 * @param {(value: number, text: string) => void} wanted.changed
 * @returns {Stepper}
 */
export function stepper({ id, ladder = [], label, write = String, read = Number, up, down, changed }) {
  const input = h('input', { id, type: 'text', inputmode: 'decimal', autocomplete: 'off', spellcheck: 'false' });
  if (label) input.setAttribute('aria-label', label);
  let shown = 0;
  const next = (/** @type {number} */ value) => (up ? up(value) : (ladder.find((step) => step > value) ?? value));
  const before = (/** @type {number} */ value) =>
    down ? down(value) : (ladder.findLast((step) => step < value) ?? value);
  const show = (/** @type {number} */ value) => {
    shown = value;
    if (document.activeElement !== input || read(input.value) !== value) input.value = write(value);
  };
  const go = (/** @type {number} */ value) => {
    if (value === shown) return;
    input.value = write(value);
    changed(value, write(value));
  };
  const now = () => (Number.isFinite(read(input.value)) && input.value !== '' ? read(input.value) : shown);
  input.addEventListener('change', () => {
    const text = input.value.trim();
    changed(text === '' ? NaN : read(text), text);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowUp') go(next(now()));
    else if (event.key === 'ArrowDown') go(before(now()));
    else return;
    event.preventDefault();
  });
  // The keyboard has the arrows; these are for a pointer.
  const button = (/** @type {string} */ sign, /** @type {(value: number) => number} */ to) => {
    const element = h('button', { type: 'button', tabindex: -1, 'aria-hidden': 'true' }, sign);
    element.addEventListener('click', () => go(to(now())));
    return element;
  };
  return { element: h('span', { class: 'stepper' }, button('−', before), input, button('+', next)), input, show };
}
