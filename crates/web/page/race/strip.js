// Strips: each variant a row, each seed a dot, the median a line. What diverged stands apart.

/** @import { Measure } from './verdict.js' */
import { h, svg } from '../common/dom.js';
import { percent, short, t } from '../common/words.js';
import { isLoss, quantile } from './verdict.js';

const ROW = 46;
const LEFT = 30;
/** Where diverged trainings stand, on the side that is worse. */
const APART = 64;
const AXIS = 26;

/**
 * @param {Measure} measure
 * @param {number[][]} values of each variant; infinite where it diverged
 * @param {number[]} seeds of the values
 * @param {number} width
 */
export function strip(measure, values, seeds, width) {
  const finite = values.flat().filter(Number.isFinite);
  const hasDiverged = values.flat().some((value) => !Number.isFinite(value));
  const isLogarithmic = isLoss(measure);
  const along = (/** @type {number} */ value) => (isLogarithmic ? Math.log10(Math.max(value, 1e-12)) : value);
  let [least, most] = [Math.min(...finite.map(along)), Math.max(...finite.map(along))];
  const room = Math.max((most - least) * 0.05, isLogarithmic ? 0.05 : 0.005);
  [least, most] = [least - room, most + room];
  const apart = hasDiverged ? APART : 0;
  const [start, end] = [LEFT + (isLogarithmic ? 0 : apart), width - 12 - (isLogarithmic ? apart : 0)];
  const x = (/** @type {number} */ value) => start + ((along(value) - least) / (most - least || 1)) * (end - start);
  const apartAt = isLogarithmic ? end + apart / 2 : LEFT + apart / 2;
  const height = ROW * values.length + AXIS;
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, class: 'strip', 'aria-hidden': 'true' });
  for (const tick of ticksOf(least, most, isLogarithmic)) {
    picture.append(svg('line', { class: 'grid', x1: x(tick), x2: x(tick), y1: 0, y2: height - AXIS }));
    picture.append(text(isLoss(measure) ? String(tick) : `${Number((100 * tick).toFixed(1))} %`, x(tick), height - 8));
  }
  if (hasDiverged) picture.append(text(t('diverged'), apartAt, height - 8));
  values.forEach((all, row) => {
    const middle = ROW * (row + 0.5);
    const group = svg('g', { class: `variant-${row}` });
    all.forEach((value, at) => {
      const seed = seeds[at];
      // Seeds lie at heights that spread evenly, the same each time.
      const y = middle + (((seed * 0.7548777) % 1) - 0.5) * ROW * 0.62;
      group.append(Number.isFinite(value)
        ? svg('circle', { class: 'seed', 'data-seed': seed, cx: x(value), cy: y, r: 2.8 })
        : svg('path', { class: 'gone', 'data-seed': seed, d: cross(apartAt + (((seed * 0.5698403) % 1) - 0.5) * APART * 0.6, y) }));
    });
    const median = quantile(all, 0.5);
    if (all.length && Number.isFinite(median)) group.append(svg('line', { class: 'median', x1: x(median), x2: x(median), y1: middle - ROW * 0.4, y2: middle + ROW * 0.4 }));
    group.append(text(String.fromCharCode(65 + row), 10, middle + 4, 'name'));
    picture.append(group);
  });
  const said = values.map((all, row) => t('strip-said', { letter: String.fromCharCode(65 + row), median: measured(measure, quantile(all, 0.5)) }));
  return h('div', { role: 'img', 'aria-label': said.join(' ') }, picture);
}

/** A value of a measure in words. @param {Measure} measure @param {number} value */
export function measured(measure, value) {
  if (!Number.isFinite(value)) return t('diverged');
  return isLoss(measure) ? short(value) : percent(value);
}

/** @param {number} least @param {number} most @param {boolean} isLogarithmic */
function ticksOf(least, most, isLogarithmic) {
  if (isLogarithmic) {
    const powers = Array.from({ length: Math.ceil(most) - Math.floor(least) + 1 }, (_, at) => Math.floor(least) + at);
    const within = most - least > 3 ? [1] : [1, 2, 5];
    return powers.flatMap((power) => within.map((times) => Number(`${times}e${power}`))).filter((tick) => Math.log10(tick) >= least && Math.log10(tick) <= most);
  }
  const step = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2].find((step) => (most - least) / step <= 6) ?? 0.2;
  const first = Math.ceil(least / step);
  return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, at) => Number(((first + at) * step).toFixed(3))).filter((tick) => tick <= 1);
}

/** @param {string} words @param {number} x @param {number} y @param {string} [kind] */
function text(words, x, y, kind = 'tick') {
  const element = svg('text', { x, y, 'text-anchor': 'middle', class: kind });
  element.textContent = words;
  return element;
}

/** @param {number} x @param {number} y */
const cross = (x, y) => `M${x - 3} ${y - 3}l6 6m0 -6l-6 6`;
