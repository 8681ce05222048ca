// A small picture of each data set, for choosing one. They are drawings: the points that are trained on come from the engine.

import { svg } from '../common/dom.js';

/** @typedef {[number, number, number]} Dot across, up, and class */

/** Low numbers that look like chance, and are the same on each visit. @param {number} n @param {number} base */
function spread(n, base) {
  let share = 0;
  for (let digit = 1 / base; n > 0; n = Math.floor(n / base), digit /= base) share += (n % base) * digit;
  return share;
}

const COUNT = 28;
const EACH = Array.from({ length: COUNT }, (_, at) => at);
/** @param {number} turn @param {number} radius @returns {[number, number]} */
const around = (turn, radius) => [0.5 + radius * Math.cos(2 * Math.PI * turn), 0.5 + radius * Math.sin(2 * Math.PI * turn)];

/** @type {Record<string, (at: number) => Dot>} */
const SETS = {
  circles: (at) => [...around(at / COUNT, at % 3 ? 0.42 : 0.24), at % 3 ? 0 : 1],
  moons: (at) => {
    const turn = ((at >> 1) / (COUNT / 2 - 1)) * Math.PI;
    return at % 2 ? [0.64 - 0.28 * Math.cos(turn), 0.48 - 0.3 * Math.sin(turn) + 0.08, 1] : [0.36 - 0.28 * Math.cos(turn), 0.44 + 0.3 * Math.sin(turn), 0];
  },
  spirals: (at) => {
    const way = ((at >> 1) + 1.5) / (COUNT / 2);
    return [...around(way * 0.9 + (at % 2) / 2, 0.44 * way), at % 2];
  },
  xor: (at) => {
    const [x, y] = [spread(at + 1, 2), spread(at + 1, 3)];
    return [x, y, x > 0.5 === y > 0.5 ? 0 : 1];
  },
  blobs: (at) => {
    const [x, y] = [[0.25, 0.3], [0.72, 0.36], [0.45, 0.76]][at % 3];
    const [dx, dy] = around(spread(at + 1, 2), 0.2 * Math.sqrt(spread(at + 1, 5)));
    return [x + dx - 0.5, y + dy - 0.5, at % 3];
  },
  pitch: (at) => {
    const [x, y] = [spread(at + 1, 2), spread(at + 1, 3)];
    return [x, y, y > 0.75 - 0.5 * x ? 1 : 0];
  },
};

/** @param {string} name */
export function sketch(name) {
  const drawing = svg('svg', { viewBox: '0 0 1 1', class: 'sketch', 'aria-hidden': 'true' });
  for (const [x, y, kind] of EACH.map(SETS[name])) {
    drawing.append(svg('circle', { cx: x.toFixed(3), cy: (1 - y).toFixed(3), r: 0.035, class: `dot-${kind}` }));
  }
  return drawing;
}
