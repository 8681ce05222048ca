// A study: how far it is, what was found, and what decides.

/** @import { Study, Trial } from './shown.d.ts' */
import uPlot from '../vendor/uplot/uPlot.esm.js';
import { color, h } from '../common/dom.js';
import { t, written } from '../common/words.js';
import { CURVES } from '../draw/palette.js';
import { report } from './compare.js';
import { confirmed } from './confirmed.js';
import { brief } from './numbers.js';
import { parallel } from './parallel.js';
import { plot } from './plot.js';

/** Rows of the table. */
const MOST_ROWS = 10;

/** @param {{ place: string, name: string }} chosen @param {Study} study */
export function studied({ place, name }, study) {
  const metric = study.metrics[0] ?? t('value');
  const judged = study.trials.filter(({ state, values }) => state === 'COMPLETE' && values[0] !== null && values[0] !== undefined);
  const isMore = study.directions[0] === 'maximize';
  /** @type {(trial: Trial) => number} */
  const cost = ({ values }) => (isMore ? -1 : 1) * /** @type {number} */ (values[0]);
  const bestFirst = [...judged].sort((a, b) => cost(a) - cost(b));
  const best = study.trials.find(({ number }) => number === study.best);
  const chart = h('div', { class: 'plot', role: 'img', 'aria-label': t('history-chart', { metric, count: judged.length, value: brief(best?.values[0]) }) });
  const panel = h('section', { class: 'panel', 'aria-labelledby': 'study-title' },
    h('div', { class: 'head' }, h('h2', { id: 'study-title' }, name), ...report(place, name, study.has_report)),
    h('p', {}, counts(study)),
    h('p', {}, best ? t('study-best', { trial: best.number, metric, value: brief(best.values[0]) }) : t('study-none')),
    ...(best && !study.confirmed ? [h('p', { class: 'soft', t: 'study-lucky' })] : []),
    ...(study.is_whole ? [] : [h('p', { class: 'soft' }, t('study-last', { count: written(study.trials.length) }))]),
    ...(study.confirmed ? confirmed(study.confirmed) : []),
    ...part('history', chart),
    ...decides(study),
    ...(study.axes.length && judged.length ? part('parallel', parallel(study.axes, bestFirst, metric)) : []),
    ...(judged.length ? [h('h3', { t: 'best-trials' }), table(study, bestFirst.slice(0, MOST_ROWS), metric)] : []));
  return { panel, drawn: () => history(chart, judged, isMore) };
}

/** @param {Study} study */
function counts({ counts }) {
  const said = Object.entries(counts).map(([state, count]) => [state, written(count)]);
  return t('study-counts', Object.fromEntries(said));
}

/** @param {'history' | 'parallel' | 'importances'} name @param {(Node | SVGElement)[]} shown */
function part(name, ...shown) {
  return [h('h3', { t: name }), h('p', { class: 'soft', t: `${name}-said` }), ...shown];
}

/** Trials as points, and the best until then as stairs. @param {HTMLElement} room @param {Trial[]} judged @param {boolean} isMore */
function history(room, judged, isMore) {
  const numbers = judged.map(({ number }) => number);
  const values = judged.map(({ values }) => /** @type {number} */ (values[0]));
  let best = isMore ? -Infinity : Infinity;
  const until = values.map((value) => (best = isMore ? Math.max(best, value) : Math.min(best, value)));
  /** @type {uPlot.Series[]} */
  const series = [
    { stroke: color('edge'), points: { show: true, size: 5, fill: color('edge') }, paths: () => null },
    { stroke: CURVES[1], width: 2, points: { show: false }, paths: uPlot.paths.stepped?.({ align: 1 }) },
  ];
  plot(room, series, /** @type {uPlot.AlignedData} */ ([numbers, values, until]));
}

/** @param {Study} study */
function decides({ importances }) {
  if (importances.length === 0) return [h('h3', { t: 'importances' }), h('p', { class: 'soft', t: 'importances-few' })];
  const row = (/** @type {[string, number]} */ [name, share]) => {
    const bar = h('span', { class: 'bar', 'aria-hidden': 'true' });
    bar.style.width = `${100 * share / Math.max(...importances.map(([, share]) => share))}%`;
    return h('li', {}, h('span', { class: 'name' }, name), bar, h('span', {}, `${(100 * share).toFixed(0)} %`));
  };
  return part('importances', h('ul', { class: 'shares' }, ...importances.map(row)));
}

/** @param {Study} study @param {Trial[]} trials @param {string} metric */
function table({ axes }, trials, metric) {
  const tried = (/** @type {Trial} */ { parameters }, /** @type {string} */ name) => {
    const value = parameters[name];
    return typeof value === 'number' ? brief(value) : value ?? '–';
  };
  const row = (/** @type {Trial} */ trial) => h('tr', {},
    h('th', { scope: 'row', class: 'number' }, String(trial.number)),
    h('td', { class: 'number' }, brief(trial.values[0])),
    ...axes.map(({ name }) => h('td', { class: 'number' }, tried(trial, name))));
  const head = [h('th', { scope: 'col', class: 'number', t: 'trial' }), ...[metric, ...axes.map(({ name }) => name)].map((name) => h('th', { scope: 'col', class: 'number' }, name))];
  return h('div', { class: 'wide', role: 'group', tabindex: '0', 't-label': 'best-trials' },
    h('table', { class: 'facts' }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...trials.map(row))));
}
