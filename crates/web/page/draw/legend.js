// What the colours and shapes of the plane mean.

/** @import { Picture } from '../session/player.js' */
import { byId, h } from '../common/dom.js';
import { t } from '../common/words.js';

/** The picture in words. @param {Picture} picture */
export function planeSaid({ began }) {
  const [x, y] = began.features;
  return t('plane-said', { x, y });
}

/** @param {Picture} picture */
export function legend({ began }) {
  const classes = began.targets.map((name, at) => h('li', {}, h('span', { class: `mark class-${at}` }), t('class-n', { n: name })));
  byId('legend', HTMLElement).replaceChildren(
    ...classes,
    ...(began.rows[1] ? [h('li', {}, h('span', { class: 'mark held' }), t('legend-held-out'))] : []),
    h('li', {}, h('span', { class: 'mark wrong' }), t('legend-wrong')),
  );
  const [a, b] = began.targets;
  const isTwo = began.targets.length === 2;
  byId('scale', HTMLElement).hidden = !isTwo;
  byId('scale-low', HTMLElement).textContent = t('probability-0', { a });
  byId('scale-high', HTMLElement).textContent = isTwo ? t('probability-1', { b }) : '';
}
