// One cell in numbers, and the way to its training.

/** @import { Axis } from './axes.js' */
/** @import { End } from '../session/ends.js' */
import { h } from '../common/dom.js';
import { brief } from '../common/numbers.js';
import { percent, short, t, written } from '../common/words.js';

/**
 * @param {HTMLElement} room
 * @param {[Axis, number][]} values
 * @param {End} trained
 * @param {string} address of the training in the playground, at its last step
 */
export function showCell(room, values, trained, address) {
  const { steps, loss, accuracy, heldOutLoss, heldOutAccuracy, isDiverged } = trained;
  const row = (/** @type {string} */ name, /** @type {string} */ value) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value));
  const part = (/** @type {string} */ of, /** @type {number} */ ofLoss, /** @type {number} */ ofAccuracy) => [
    ...(Number.isNaN(ofLoss) ? [] : [row(t(of, { what: t('loss') }), Number.isFinite(ofLoss) ? short(ofLoss) : '∞')]),
    ...(Number.isNaN(ofAccuracy) ? [] : [row(t(of, { what: t('accuracy') }), percent(ofAccuracy))]),
  ];
  room.replaceChildren(
    h('table', {}, h('tbody', {},
      ...values.map(([axis, value]) => row(t(`axis-${axis.key}`), brief(value))),
      row(t('steps-made'), written(steps)),
      ...part('of-learned', loss, accuracy),
      ...part('of-held-out', heldOutLoss, heldOutAccuracy))),
    ...(isDiverged ? [h('p', { class: 'note bad' }, t('cell-diverged'))] : []),
    h('a', { id: 'open-cell', href: address }, t('open-cell')),
  );
}

/** Nothing is chosen. @param {HTMLElement} room */
export function showNone(room) {
  room.replaceChildren(h('p', { class: 'soft' }, t('none-chosen')));
}
