// What the check says, in words, in one number, and in a table.

/** @import { GradientCheck } from '../session/protocol.d.ts' */
import { h } from '../common/dom.js';
import { fraction, math, row } from '../common/math.js';
import { plain } from '../common/numbers.js';
import { t, written } from '../common/words.js';
import { apart, counts, LIMIT } from './check.js';

const norm = (/** @type {(Node | string)[]} */ ...parts) => row('‖', ...parts, '‖');

/** A formula in a line of text, with fractions as large as in one of their own. @param {(Node | string)[]} parts */
function large(...parts) {
  const formula = math(...parts);
  formula.setAttribute('displaystyle', 'true');
  return formula;
}

/** @param {GradientCheck} check @param {boolean} isSecret the findings would give the answer away */
export function verdict(check, isSecret) {
  const [all, found] = [check.verdicts.length, counts(check)];
  const [wrong, kinks] = [found.get('wrong') ?? 0, found.get('kink') ?? 0];
  const isRight = wrong === 0;
  const zeros = check.analytic.filter((analytic, at) => analytic === 0 && check.numeric[at] === 0).length;
  const values = { n: written(all), wrong: written(wrong), kinks: written(kinks), agree: written(all - kinks), zeros: written(zeros) };
  const isBelow = check.difference < LIMIT;
  const agreed = isBelow === isRight ? '' : ` ${t(isBelow ? 'one-number-hides' : 'one-number-round-off')}`;
  const said = `${t(isBelow ? 'below-limit' : 'above-limit')}${agreed}`;
  const findings = isRight ? [] : isSecret ? [h('p', { class: 'soft' }, t('findings-later'))] : [h('ul', { class: 'found' }, ...check.findings.map((finding) => h('li', {}, finding)))];
  return [
    h('p', { class: isRight ? 'judgement right' : 'judgement wrong' }, h('span', { 'aria-hidden': 'true' }, isRight ? '✓ ' : '✕ '), t(isRight ? (kinks ? 'others-agree' : 'all-agree') : 'some-wrong', values)),
    ...(kinks > 0 ? [h('p', { class: 'soft' }, t('kinks', values))] : []),
    ...(zeros > 0 ? [h('p', { class: 'soft' }, t('zeros', values))] : []),
    ...findings,
    h('p', { class: 'number' }, large(fraction(norm('g', '−', 'ĝ'), row(norm('g'), '+', norm('ĝ'))), '=', plain(check.difference, 3)), ` ${said}`),
  ];
}

/** One matrix has another shape: nothing was checked. @param {string[]} places of the mistakes @param {boolean} isOne */
export function ofShapes(places, isOne) {
  return [
    h('p', { class: 'judgement wrong' }, h('span', { 'aria-hidden': 'true' }, '✕ '), t('shape')),
    h('p', {}, t('shape-said')),
    ...(isOne ? [h('p', {}, t('shape-of', { place: places[0] }))] : []),
  ];
}

/** One parameter in a line. @param {GradientCheck} check @param {number} at */
export function sentence(check, at) {
  const { names, analytic, numeric, verdicts } = check;
  return t('one-parameter', { name: names[at], analytic: plain(analytic[at], 5), numeric: plain(numeric[at], 5), share: plain(apart(check, at), 2), ratio: ratio(check, at), verdict: t(`verdict-${verdicts[at]}`) });
}

/** How many times the numeric one the analytic one is. @param {GradientCheck} check @param {number} at */
const ratio = ({ analytic, numeric }, at) => (numeric[at] === 0 ? '–' : plain(analytic[at] / numeric[at], 4));

/** @param {GradientCheck} check */
export function table(check) {
  const { names, analytic, numeric, verdicts } = check;
  const heads = ['parameter', 'analytic', 'numeric', 'ratio', 'share', 'judged'].map((head) => h('th', { scope: 'col' }, t(head)));
  const rows = names.map((name, at) =>
    h('tr', { class: verdicts[at] }, h('th', { scope: 'row' }, name), ...[plain(analytic[at], 5), plain(numeric[at], 5), ratio(check, at), plain(apart(check, at), 2), t(`verdict-${verdicts[at]}`)].map((text) => h('td', {}, text))));
  return h('table', {}, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...rows));
}
