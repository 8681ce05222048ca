// Parallel coordinates: an axis a row, so that names have room on a phone, too.

/** @import { Study, Trial } from './shown.d.ts' */
import { h, svg } from '../common/dom.js';
import { t } from '../common/words.js';
import { brief } from './numbers.js';

const [ROW, SIDE, TOP] = [58, 14, 26];
/** More lines are one grey. */
const MOST_LINES = 300;

/** As wide as its room. @param {Study['axes']} axes @param {Trial[]} bestFirst @param {string} metric */
export function parallel(axes, bestFirst, metric) {
  const room = h('div', { class: 'parallel', role: 'img', 'aria-label': t('parallel-chart', { count: bestFirst.length, axes: axes.length }) });
  new ResizeObserver(() => {
    if (room.clientWidth) room.replaceChildren(drawing(room.clientWidth, axes, bestFirst, metric));
  }).observe(room);
  return room;
}

/** @param {number} width @param {Study['axes']} axes @param {Trial[]} bestFirst @param {string} metric */
function drawing(width, axes, bestFirst, metric) {
  const height = TOP + axes.length * ROW + 24;
  const drawing = svg('svg', { width, height });
  const x = (/** @type {number} */ share) => SIDE + share * (width - 2 * SIDE);
  const y = (/** @type {number} */ row) => TOP + row * ROW;
  const values = bestFirst.map(({ values }) => /** @type {number} */ (values[0]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const place = (/** @type {number} */ value) => (high > low ? (value - low) / (high - low) : 0.5);
  const best = Math.ceil(bestFirst.length / 10);
  const every = Math.max(1, Math.ceil(bestFirst.length / MOST_LINES));
  const lines = bestFirst.map((trial, rank) => ({ trial, rank })).filter(({ rank }) => rank < best || rank % every === 0);
  // The best lie on top.
  for (const { trial, rank } of lines.reverse()) {
    const points = [x(place(/** @type {number} */ (trial.values[0]))), ...trial.at.map((share) => (share === null ? null : x(share)))];
    drawing.append(svg('path', { d: path(points, y), class: rank < best ? 'trial best' : 'trial' }));
  }
  const rows = [{ name: metric, labels: /** @type {[number, string][]} */ ([[0, brief(low)], [1, brief(high)]]) }, ...axes];
  rows.forEach(({ name, labels }, row) => {
    drawing.append(svg('line', { x1: SIDE, x2: width - SIDE, y1: y(row), y2: y(row), class: 'axis' }));
    drawing.append(text(name, SIDE, y(row) - 8, 'start', 'title halo'));
    for (const [share, said] of labels) {
      const anchor = share < 0.08 ? 'start' : share > 0.92 ? 'end' : 'middle';
      drawing.append(text(short(said, width / (8 * labels.length)), x(share), y(row) + 15, anchor, 'halo'));
    }
  });
  return drawing;
}

/** A parameter that a trial has not breaks its line. @param {(number | null)[]} points @param {(row: number) => number} y */
function path(points, y) {
  let isDown = false;
  return points.map((x, row) => {
    const step = x === null ? '' : `${isDown ? 'L' : 'M'}${x.toFixed(1)} ${y(row)}`;
    isDown = x !== null;
    return step;
  }).join('');
}

/** @param {string} said @param {number} x @param {number} y @param {string} anchor @param {string} kind */
function text(said, x, y, anchor, kind) {
  const element = svg('text', { x, y, 'text-anchor': anchor, class: kind });
  element.textContent = said;
  return element;
}

/** As much of a label as has room beside the others. @param {string} said @param {number} most characters */
function short(said, most) {
  return said.length > most ? `${said.slice(0, Math.max(2, most - 1))}…` : said;
}
