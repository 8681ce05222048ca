// Forward: from what comes into a unit to what it sends.

/** @import { Scene } from './arithmetic.js' */
import { h } from '../common/dom.js';
import { fraction, math, sub, sum } from '../common/math.js';
import { plain, writer } from '../common/numbers.js';
import { t } from '../common/words.js';
import { nameOf } from '../draw/network.js';
import { activationOf } from './activation.js';
import { badge, quotient } from './mask.js';
import { equation, step, sumOf } from './parts.js';
import { term } from './terms.js';

/** @param {Scene} scene */
export const forward = (scene) => [weightedSum(scene), activation(scene), ...(scene.opened.back ? [dropout(scene)] : [])];

/** z = b + Σ w x. @param {Scene} scene */
function weightedSum({ opened, picture, place, fold }) {
  const { inputs, bias, z } = opened;
  const products = inputs.map(({ input, weight }) => input * weight.value);
  const [x, w, p] = [writer(inputs.map(({ input }) => input)), writer(inputs.map(({ weight }) => weight.value)), writer([...products, bias.value, z])];
  const isDropped = place.layer > 0 && picture.began.layers[place.layer - 1].dropout > 0;
  const inputSaid = place.layer === 0 ? 'said-feature' : isDropped ? 'said-input-dropped' : 'said-input';
  const rows = inputs.map(({ input, weight }, i) => {
    const before = { layer: place.layer - 1, unit: i };
    const [from, n] = [nameOf(picture, before), i + 1];
    const [unit, line] = [{ unit: before }, { line: /** @type {[typeof before, typeof place]} */ ([before, place]) }];
    return { name: from, terms: [
      term({ name: `x ${n}`, value: x(input), said: t(inputSaid, { from }), source: unit }),
      term({ name: `w ${n}`, value: w(weight.value), said: t('said-weight', { from }), source: line }),
      term({ name: `w ${n} · x ${n}`, value: p(products[i]), said: t('said-product', { from }), source: { ...unit, ...line } }),
    ] };
  });
  const rest = (/** @type {number} */ from) =>
    term({ name: '∑', value: p(products.slice(from).reduce((all, product) => all + product, 0)), said: t('said-rest') });
  const ends = [
    { name: t('name-bias'), term: term({ name: 'b', value: p(bias.value), said: t('said-bias'), source: { unit: place } }) },
    { name: t('name-z'), term: term({ name: 'z', value: p(z), said: t('said-z'), source: { unit: place } }) },
  ];
  const [xi, wi] = [() => sub('x', 'i'), () => sub('w', 'i')];
  return step({ title: t('title-z'), formula: ['z', '=', 'b', '+', sum('i'), wi(), '·', xi()], document: 'maths/dense' },
    sumOf({ label: t('title-z'), heads: [[[xi()], t('head-input')], [[wi()], t('head-weight')], [[wi(), '·', xi()], t('head-product')]], rows, rest, ends, fold }));
}

/** a = g(z). @param {Scene} scene */
function activation({ opened, place }) {
  const { z, activated, back } = opened;
  const { key, formula, filled } = activationOf(opened);
  const source = { unit: place };
  const numbers = equation(
    term({ symbol: ['z'], name: 'z', value: plain(z), said: t('said-z'), source }), '→',
    ...(filled.length ? [h('span', { class: 'filled' }, math(...filled)), '='] : []),
    term({ symbol: ['a'], name: 'a', value: plain(activated), said: t(back ? 'said-a' : `said-output-${key}`, { g: t(`g-${key}`) }), source }),
  );
  return step({ title: t(back ? 'title-a' : 'title-output', { g: t(`g-${key}`) }), formula: ['a', '=', ...formula], document: back ? 'maths/dense' : 'maths/loss' }, numbers);
}

/** d = r / k · a. @param {Scene} scene */
function dropout({ opened, place, picture }) {
  const { dropout: mask, activated, a } = opened;
  if (!mask) return step({ title: t('title-dropout'), said: t('no-dropout', { goes: t(place.layer + 2 === picture.began.layers.length ? 'to-output' : 'to-next') }) });
  const { stays } = mask;
  const source = { unit: place };
  return step({ title: t('title-dropout'), formula: ['d', '=', fraction('r', 'k'), '·', 'a'], document: 'maths/dropout' },
    badge(mask),
    equation(
      ...quotient(mask, source, t(stays ? 'said-r' : 'said-r-silent')), '·',
      term({ symbol: ['a'], name: 'a', value: plain(activated), isStruck: !stays, said: t(stays ? 'said-a-kept' : 'said-a-silent'), source }), '=',
      term({ symbol: ['d'], name: 'd', value: plain(a), said: t(stays ? 'said-d' : 'said-d-silent'), source })));
}
