// The best trials, trained again with new seeds.

/** @import { Confirmed, Mean } from './shown.d.ts' */
import { h } from '../common/dom.js';
import { t } from '../common/words.js';
import { between, brief } from './numbers.js';

/** @param {Confirmed} confirmed */
export function confirmed({ metric, seeds, candidates, first, difference }) {
  const row = (/** @type {Mean} */ { trial, mean, interval }) => h('tr', {},
    h('th', { scope: 'row' }, trial === first ? t('is-first', { trial }) : String(trial)),
    h('td', { class: 'number' }, brief(mean)),
    h('td', { class: 'number' }, between(interval)));
  const head = [h('th', { scope: 'col', t: 'trial' }), ...['mean', 'interval'].map((name) => h('th', { scope: 'col', class: 'number', t: name }))];
  return [
    h('h3', { t: 'confirmed' }),
    h('p', { class: 'soft' }, t('confirmed-said', { seeds, metric })),
    h('div', { class: 'wide', role: 'group', tabindex: '0', 't-label': 'confirmed' },
      h('table', { class: 'facts' }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...candidates.map(row)))),
    ...(difference?.interval ? [h('p', {}, verdict(difference.mean, difference.interval))] : []),
  ];
}

/** @param {number} mean @param {[number, number]} interval */
function verdict(mean, interval) {
  const isLuck = interval[0] <= 0 && interval[1] >= 0;
  return t(isLuck ? 'confirmed-luck' : 'confirmed-better', { mean: brief(mean), interval: between(interval) });
}
