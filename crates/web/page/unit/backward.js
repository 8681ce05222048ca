// Backward: from the loss back to the unit's sum z, by the chain rule.

/** @import { Back } from '../session/protocol.d.ts' */
/** @import { Scene } from './arithmetic.js' */
import { h } from '../common/dom.js';
import { d, fraction, math, row, sub, sum } from '../common/math.js';
import { plain, writer } from '../common/numbers.js';
import { t } from '../common/words.js';
import { nameOf } from '../draw/network.js';
import { activationOf } from './activation.js';
import { badge, quotient } from './mask.js';
import { equation, step, sumOf } from './parts.js';
import { term } from './terms.js';

/** g′(z) */
const slopeOfZ = () => row('g', '′', '(', 'z', ')');

/** @param {Scene} scene */
export function backward(scene) {
  const { back } = scene.opened;
  if (!back) return [atOutput(scene)];
  return [comesBack(scene, back), ...(scene.opened.dropout ? [throughMask(scene, back)] : []), throughActivation(scene, back)];
}

/** dz = a − y. @param {Scene} scene */
function atOutput({ opened, place }) {
  const { a, target, dz } = opened;
  const write = writer([a, dz]);
  const source = { unit: place };
  return step({ title: t('title-output-dz'), formula: [d('z'), '=', 'a', '−', 'y'], document: 'maths/loss' },
    equation(
      term({ symbol: ['a'], name: 'a', value: write(a), said: t('said-prediction'), source }), '−',
      term({ symbol: ['y'], name: 'y', value: plain(target), said: t('said-target') }), '=',
      term({ symbol: [d('z')], name: 'dz', value: write(dz), said: t('said-output-dz'), source })));
}

/** Σ w dz of the next layer. @param {Scene} scene @param {Back} back */
function comesBack({ opened, picture, place, fold }, { from, behind_mask: all }) {
  const symbol = opened.dropout ? 'd' : 'a';
  const products = from.map(([weight, dz]) => weight * dz);
  const [w, dz, p] = [writer(from.map(([weight]) => weight)), writer(from.map(([, dz]) => dz)), writer([...products, all])];
  const rows = from.map(([weight, dzNext], o) => {
    const next = { layer: place.layer + 1, unit: o };
    const [to, n] = [nameOf(picture, next), from.length > 1 ? ` ${o + 1}` : ''];
    const [unit, line] = [{ unit: next }, { line: /** @type {[typeof place, typeof next]} */ ([place, next]) }];
    return { name: to, terms: [
      term({ name: `w${n}`, value: w(weight), said: t('said-weight-out', { to }), source: line }),
      term({ name: `dz${n}`, value: dz(dzNext), said: t('said-dz-next', { to }), source: unit }),
      term({ name: `w${n} · dz${n}`, value: p(products[o]), said: t('said-way', { to }), source: { ...unit, ...line } }),
    ] };
  });
  const rest = (/** @type {number} */ start) =>
    term({ name: '∑', value: p(products.slice(start).reduce((sum, product) => sum + product, 0)), said: t('said-rest') });
  const ends = [{ name: t('name-back'), term: term({ name: `d${symbol}`, value: p(all), said: t('said-back'), source: { unit: place } }) }];
  const [wo, dzo] = [() => sub('w', 'o'), () => d(sub('z', 'o'))];
  return step({ title: t('title-back'), formula: [d(symbol), '=', sum('o'), wo(), '·', dzo()], document: 'maths/dense' },
    sumOf({ label: t('title-back'), heads: [[[wo()], t('head-weight')], [[dzo()], t('head-dz')], [[wo(), '·', dzo()], t('head-product')]], rows, rest, ends, fold }));
}

/** da = r / k · dd. @param {Scene} scene @param {Back} back */
function throughMask({ opened, place }, { behind_mask: behind, da }) {
  const mask = /** @type {NonNullable<typeof opened.dropout>} */ (opened.dropout);
  const source = { unit: place };
  return step({ title: t('title-mask'), formula: [d('a'), '=', fraction('r', 'k'), '·', d('d')], document: 'maths/dropout' },
    badge(mask),
    equation(
      ...quotient(mask, source, t(mask.stays ? 'said-r-back' : 'said-r-back-silent')), '·',
      term({ symbol: [d('d')], name: 'dd', value: plain(behind), isStruck: !mask.stays, said: t('said-back'), source }), '=',
      term({ symbol: [d('a')], name: 'da', value: plain(da), said: t(mask.stays ? 'said-da' : 'said-da-silent'), source })));
}

/** dz = da · g′(z). @param {Scene} scene @param {Back} back */
function throughActivation({ opened, place }, { da, slope }) {
  const { key, slope: formula, slopeFilled } = activationOf(opened);
  const source = { unit: place };
  return step({ title: t('title-dz', { g: t(`g-${key}`) }), formula: [d('z'), '=', d('a'), '·', slopeOfZ()], document: 'maths/dense' },
    h('p', { class: 'equation small' }, math(slopeOfZ(), '=', ...formula), h('span', { class: 'sign' }, '→'), math(...slopeFilled, ...(slopeFilled.length > 1 ? ['=', plain(slope)] : []))),
    equation(
      term({ symbol: [d('a')], name: 'da', value: plain(da), said: t(opened.dropout ? 'said-da' : 'said-back'), source }), '·',
      term({ symbol: [slopeOfZ()], name: 'g′(z)', value: plain(slope), said: t(`said-slope-${key}`), source }), '=',
      term({ symbol: [d('z')], name: 'dz', value: plain(opened.dz), said: t(opened.dropout?.stays === false ? 'said-dz-silent' : 'said-dz'), source })));
}
