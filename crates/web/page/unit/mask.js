// Dropout's mask of a unit, as it stands in the forward and in the backward pass.

/** @import { Source } from '../draw/network.js' */
import { h } from '../common/dom.js';
import { setting } from '../common/numbers.js';
import { t } from '../common/words.js';
import { term } from './terms.js';

/** @typedef {{ stays: boolean, keep: number }} Mask */

/** Whether the unit speaks for this example, by a sign and in words. @param {Mask} mask */
export const badge = ({ stays }) =>
  h('span', { class: stays ? 'badge' : 'badge silent' }, h('span', { 'aria-hidden': 'true' }, stays ? '✓' : '✕'), ` ${t(stays ? 'speaks' : 'silent')}`);

/** r / k. @param {Mask} mask @param {Source} source @param {string} said of r */
export const quotient = ({ stays, keep }, source, said) => [
  term({ symbol: ['r'], name: 'r', value: stays ? '1' : '0', said, source }), '/',
  term({ symbol: ['k'], name: 'k', value: setting(Number(keep.toFixed(6))), said: t('said-k'), source }),
];
