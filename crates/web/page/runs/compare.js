// Runs beside each other: their curves, and where they stand.

/** @import uPlot from '../vendor/uplot/uPlot.esm.js' */
/** @import { Run } from './shown.d.ts' */
import { h } from '../common/dom.js';
import { t, written } from '../common/words.js';
import { reportAt } from './directory.js';
import { named } from './list.js';
import { brief, scored } from './numbers.js';
import { plot } from './plot.js';

/** Colours that people tell apart who confuse red and green; there are not more. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b58900', '#56b4e9', '#7a5195', '#7f7f7f'];
export const MOST_RUNS = COLORS.length;

/** @typedef {{ place: string, run: Run, state: string }} Compared */

/** @param {Compared[]} runs */
export function comparison(runs) {
  const loss = h('div', { class: 'plot', role: 'img', 'aria-label': t('loss-chart', { count: runs.length }) });
  const score = h('div', { class: 'plot', role: 'img', 'aria-label': t('score-chart', { count: runs.length }) });
  const panel = h('section', { class: 'panel', 'aria-labelledby': 'compared-title' },
    h('h2', { id: 'compared-title', t: 'compared' }),
    h('p', { class: 'soft', t: 'compared-said' }),
    h('div', { class: 'compared' },
      h('div', {}, h('h3', { t: 'loss' }), loss),
      h('div', {}, h('h3', { t: 'score' }), score)),
    h('p', { class: 'soft', t: 'score-said' }),
    table(runs),
    ...runs.map(recipe));
  return { panel, drawn: () => {
    draw(loss, runs, 1);
    draw(score, runs, 2);
  } };
}

/** One line of rows learned from, one of rows held out for each run. @param {HTMLElement} room @param {Compared[]} runs @param {1 | 2} column */
function draw(room, runs, column) {
  const epochs = [...new Set(runs.flatMap(({ run }) => run.curve.map(([epoch]) => epoch)))].sort((a, b) => a - b);
  const line = (/** @type {Run} */ run, /** @type {number} */ place) => {
    const values = new Map(run.curve.map((point) => [point[0], point[place]]));
    // A run that has no point at an epoch has a line there all the same.
    return epochs.map((epoch) => (values.has(epoch) ? values.get(epoch) ?? null : undefined));
  };
  /** @type {uPlot.Series[]} */
  const series = runs.flatMap((_, at) => {
    const stroke = COLORS[at];
    return [{ stroke, width: 1.6, points: { show: false } }, { stroke, width: 1.6, dash: [5, 3], points: { show: false } }];
  });
  const lines = runs.flatMap(({ run }) => [line(run, column), line(run, column + 2)]);
  plot(room, series, /** @type {uPlot.AlignedData} */ ([epochs, ...lines]));
}

/** @param {Compared[]} runs */
function table(runs) {
  const columns = ['learned-loss', 'held-loss', 'learned-score', 'held-score'];
  const row = (/** @type {Compared} */ { place, run, state }, /** @type {number} */ at) => {
    const swatch = h('span', { class: 'swatch', 'aria-hidden': 'true' });
    swatch.style.borderColor = COLORS[at];
    const [epoch, loss, score, heldLoss, heldScore] = run.curve.at(-1) ?? [0, null, null, null, null];
    const numbers = [brief(loss), brief(heldLoss), scored(score), scored(heldScore)];
    return h('tr', {},
      h('th', { scope: 'row', class: 'name' }, swatch, named(place)),
      h('td', {}, state),
      h('td', { class: 'number' }, t('epoch-of', { epoch: written(epoch), epochs: written(run.epochs) })),
      ...numbers.map((number) => h('td', { class: 'number' }, number)),
      h('td', {}, ...report(place, named(place), run.has_report)));
  };
  const head = [...['run', 'state'].map((name) => h('th', { scope: 'col', t: name })), ...['epoch', ...columns].map((name) => h('th', { scope: 'col', class: 'number', t: name })), h('td')];
  return h('div', { class: 'wide', role: 'group', tabindex: '0', 't-label': 'compared' },
    h('table', { class: 'facts' }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...runs.map(row))));
}

/** The link to a report, where there is one. @param {string} place @param {string} name @param {boolean} isThere */
export function report(place, name, isThere) {
  const link = { href: reportAt(place), target: '_blank', rel: 'noopener', 'aria-label': t('report-of', { name }), t: 'report' };
  return isThere ? [h('a', link)] : [];
}

/** @param {Compared} compared */
function recipe({ place, run }) {
  return h('details', { class: 'recipe', 'data-place': place },
    h('summary', {}, t('recipe', { name: named(place) })), h('pre', { tabindex: '0' }, run.recipe));
}
