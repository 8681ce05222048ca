// What a unit's parameters learn in this step: the gradient of each, and what the update rule makes of it.

/** @import { Parameter } from '../session/protocol.d.ts' */
/** @import { Scene } from './arithmetic.js' */
import { h, translate } from '../common/dom.js';
import { d, fraction, math, row, sub, sum, sup } from '../common/math.js';
import { plain, setting, writer } from '../common/numbers.js';
import { t } from '../common/words.js';
import { nameOf } from '../draw/network.js';
import { equation, step } from './parts.js';
import { term } from './terms.js';

const COLUMNS = ['of-example', 'mean', 'penalty', 'gradient', 'value', 'after'];

/** @typedef {{ from: string, name: string, parameter: Parameter, before?: { layer: number, unit: number } }} Line */

/** @param {Scene} scene */
export function learning(scene) {
  const lines = linesOf(scene);
  const table = gradients(scene, lines);
  const updated = h('div', {}, update(scene, lines[0]));
  // That of the parameter that somebody looks at.
  table.addEventListener('focusin', ({ target }) => {
    const at = target instanceof Element ? [...table.querySelectorAll('tbody tr')].findIndex((row) => row.contains(target)) : -1;
    if (at < 0) return;
    updated.replaceChildren(update(scene, lines[at]));
    translate(updated);
  });
  return [table, updated];
}

/** @param {Scene} scene @returns {Line[]} */
function linesOf({ opened, picture, place }) {
  const weights = opened.inputs.map(({ weight }, i) => {
    const before = { layer: place.layer - 1, unit: i };
    return { from: nameOf(picture, before), name: `w ${i + 1}`, parameter: weight, before };
  });
  const lines = [...weights, { from: t('bias'), name: 'b', parameter: opened.bias }];
  // What would come after the end does not come.
  return picture.at.ended ? lines.map((line) => ({ ...line, parameter: { ...line.parameter, after: null } })) : lines;
}

/** dw = 1/m Σ dz x + λ/m w. @param {Scene} scene @param {Line[]} lines */
function gradients({ opened, place }, lines) {
  const { rows, penalty: [lambda, divided], dropout } = opened;
  const all = lines.map(({ parameter }) => parameter);
  const parts = writer(all.flatMap(({ mean, penalty, gradient }) => [mean, penalty, gradient]));
  const values = writer(all.flatMap(({ value, after }) => [value, after]), digitsOf(all));
  const write = {
    'of-example': writer(all.map(({ of_example }) => of_example)), mean: parts, penalty: parts, gradient: parts, value: values, after: values,
  };
  const symbols = {
    'of-example': [d('z'), '·', sub('x', 'i')], mean: [fraction('1', 'm'), sum('j'), d(sub('z', 'j')), '·', sub('x', row('i', 'j'))],
    penalty: [fraction('λ', 'm'), '·', sub('w', 'i')], gradient: [d(sub('w', 'i'))], value: [sub('w', 'i')], after: [sup(sub('w', 'i'), t('after'))],
  };
  const cell = (/** @type {Line} */ { from, name, parameter, before }, /** @type {string} */ column) => {
    const key = /** @type {keyof typeof write} */ (column);
    const value = parameter[/** @type {'mean'} */ (column.replace('-', '_'))];
    const values = { from, m: rows.length, lambda: setting(lambda), divided };
    const said = t(`said-learned-${before || column !== 'penalty' ? column : 'no-penalty'}`, values);
    const source = before ? { line: /** @type {[typeof before, typeof place]} */ ([before, place]) } : { unit: place };
    return h('td', { 'data-label': t(`learned-${column}`) }, term({ name: `${t(`learned-${column}`)}, ${name}`, value: write[key](value), said, source }));
  };
  const body = lines.map((line) => h('tr', {}, h('th', { scope: 'row' }, line.from), ...COLUMNS.map((column) => cell(line, column))));
  const heads = COLUMNS.map((column) => h('th', { scope: 'col' }, math(.../** @type {any} */ (symbols)[column]), h('span', {}, t(`learned-${column}`))));
  const formula = [d(sub('w', 'i')), '=', fraction('1', 'm'), sum('j'), d(sub('z', 'j')), '·', sub('x', row('i', 'j')), '+', fraction('λ', 'm'), '·', sub('w', 'i')];
  const isSilent = dropout?.stays === false;
  return step({ title: t('title-gradient', { m: rows.length }), formula, document: 'maths/penalty', said: isSilent ? t('learns-nothing') : undefined },
    h('table', { class: 'learned', 'aria-label': t('title-learning') }, h('thead', {}, h('tr', {}, h('td', {}), ...heads)), h('tbody', {}, ...body)),
    h('p', { class: 'soft' }, lambda > 0 ? t('penalty-is', { lambda: setting(lambda), divided, share: plain(lambda / divided) }) : t('no-penalty')));
}

/** So many digits of a weight that its step is seen. @param {Parameter[]} all */
function digitsOf(all) {
  const largest = Math.max(...all.map(({ value }) => Math.abs(value)));
  const step = Math.max(...all.map(({ value, after }) => Math.abs((after ?? value) - value)));
  return step > 0 && largest > 0 ? Math.min(8, Math.max(5, 2 + Math.ceil(Math.log10(largest / step)))) : 5;
}

/** What the update rule makes of the gradient of a parameter. @param {Scene} scene @param {Line} line */
function update({ settings, place }, { parameter, name, from, before }) {
  const { value, gradient, after } = parameter;
  const rule = t(`rule-${settings.rule}`);
  const title = t('title-update', { rule, parameter: before ? t('weight-of', { from }) : from });
  if (after === null) return step({ title, said: t('no-step'), document: 'maths/optim' });
  const symbol = () => (before ? sub('w', String(before.unit + 1)) : row('b'));
  const source = before ? { line: /** @type {[typeof before, typeof place]} */ ([before, place]) } : { unit: place };
  const write = writer([value, after], digitsOf([parameter]));
  const [now, then] = [
    term({ symbol: [symbol()], name, value: write(value), said: t('said-learned-value', { from }), source }),
    term({ symbol: [sup(symbol(), t('after'))], name: `${t('after')} ${name}`, value: write(after), said: t('said-learned-after', { from }), source }),
  ];
  if (settings.rule === 'gradient-descent' && settings.schedule === 'constant') {
    return step({ title, formula: ['w', '←', 'w', '−', 'α', '·', d('w')], document: 'maths/optim' },
      equation(now, '−',
        term({ symbol: ['α'], name: 'α', value: setting(settings.rate), said: t('said-rate') }), '·',
        term({ symbol: [d(symbol())], name: `d ${name}`, value: plain(gradient), said: t('said-learned-gradient', { from }), source }), '=', then));
  }
  return step({ title, document: 'maths/optim', said: t('other-rule', { rule }) },
    equation(now, after < value ? '−' : '+', term({ symbol: [t('the-step')], name: t('the-step'), value: plain(Math.abs(after - value)), said: t('said-step', { rule, gradient: plain(gradient) }) }), '=', then));
}
