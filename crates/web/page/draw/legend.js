// What the colours and shapes of the plane mean.

/** @import { Picture } from '../session/player.js' */
import { byId, h } from '../common/dom.js';
import { t, written } from '../common/words.js';
import { oneOf } from './boundary.js';
import { CLASSES } from './palette.js';

/** The picture in words. @param {Picture} picture */
export function planeSaid({ began }) {
  const [x, y] = began.features;
  return t(began.is_classification ? 'plane-said' : 'plane-said-number', { x, y });
}

/** @param {Picture} picture */
export function legend(picture) {
  const { began, span } = picture;
  const isClass = began.is_classification;
  const named = isClass ? began.targets.slice(0, CLASSES.length) : [];
  const more = isClass ? began.targets.length - named.length : 0;
  const classes = named.map((name, at) => h('li', {}, h('span', { class: `mark class-${at}` }), t('class-n', { n: name })));
  byId('legend', HTMLElement).replaceChildren(
    ...classes,
    ...(more ? [h('li', {}, t('legend-more', { n: written(more) }))] : []),
    ...(began.rows[1] ? [h('li', {}, h('span', { class: 'mark held' }), t('legend-held-out'))] : []),
    ...(isClass ? [h('li', {}, h('span', { class: 'mark wrong' }), t('legend-wrong'))] : []),
    ...(oneOf(picture) > 1 ? [h('li', {}, t('legend-some', { n: oneOf(picture) }))] : []),
  );
  const [a, b] = began.targets;
  const isScale = !isClass || began.targets.length === 2;
  byId('scale', HTMLElement).hidden = !isScale;
  const number = (/** @type {number} */ value) => t('number-of', { name: a, value: Number(value.toPrecision(3)) });
  byId('scale-low', HTMLElement).textContent = isClass ? t('probability-0', { a }) : number(span[0]);
  byId('scale-high', HTMLElement).textContent = !isClass ? number(span[1]) : isScale ? t('probability-1', { b }) : '';
}
