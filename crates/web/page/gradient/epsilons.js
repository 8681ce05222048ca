// The one number over ε: truncated at large ε, rounded off at small ε, and a mistake at all of them.

/** @import { GradientCheck } from '../session/protocol.d.ts' */
import { svg } from '../common/dom.js';
import { t } from '../common/words.js';
import { label, line, picture, power } from './chart.js';

const HEIGHT = 300;
const EDGE = 46;
const [SMALLEST, LARGEST] = [-14, -1];
const LOWEST = -13;

/** The ε at which a right gradient differs least. @param {GradientCheck} right @returns {[number, number]} ε, and the number */
export function best({ by_epsilon: curve }) {
  return curve.reduce((least, point) => (point[1] < least[1] ? point : least));
}

/** @param {HTMLElement} room @param {GradientCheck} right @param {GradientCheck | null} wrong with mistakes planted */
export function epsilons(room, right, wrong) {
  const width = Math.min(460, room.clientWidth);
  const [ground, top] = [HEIGHT - 38, 10];
  const across = (/** @type {number} */ epsilon) => EDGE + ((Math.log10(epsilon) - SMALLEST) / (LARGEST - SMALLEST)) * (width - EDGE - 14);
  const up = (/** @type {number} */ value) => {
    const exponent = value > 0 ? Math.max(LOWEST, Math.min(0, Math.log10(value))) : LOWEST;
    return ground + ((exponent - LOWEST) / -LOWEST) * (top - ground);
  };
  const root = picture(width, HEIGHT, t('epsilons-label'));
  for (let exponent = -12; exponent <= 0; exponent += 3) {
    root.append(line(EDGE, up(10 ** exponent), width - 6, up(10 ** exponent), 'grid'), label(power(exponent), EDGE - 6, up(10 ** exponent) + 4, 'end'));
  }
  for (let exponent = SMALLEST; exponent <= LARGEST; exponent++) {
    if (exponent % 3 === 0) root.append(label(power(exponent), across(10 ** exponent), ground + 16));
  }
  root.append(line(EDGE, ground, width - 6, ground, 'axis'), label('ε', (EDGE + width) / 2, HEIGHT - 4, 'middle', 'title'));
  const curve = (/** @type {GradientCheck} */ { by_epsilon: points }, /** @type {string} */ kind) => {
    const path = points.map(([epsilon, value], at) => `${at ? 'L' : 'M'}${across(epsilon)} ${up(value)}`).join('');
    root.append(svg('path', { d: path, class: `curve-${kind}` }));
    for (const [epsilon, value] of points) {
      const [x, y] = [across(epsilon), up(value)];
      root.append(kind === 'right' ? svg('circle', { cx: x, cy: y, r: 3, class: 'dot-right' }) : svg('path', { d: `M${x - 3.5} ${y - 3.5}l7 7m0 -7l-7 7`, class: 'dot-wrong' }));
    }
  };
  root.append(label(t('round-off'), across(1e-12), up(1e-10), 'middle', 'title'), label(t('truncation'), across(1e-2), up(1e-10), 'middle', 'title'));
  curve(right, 'right');
  if (wrong) curve(wrong, 'wrong');
  const [epsilon, least] = best(right);
  root.append(svg('circle', { cx: across(epsilon), cy: up(least), r: 8, class: 'chosen' }));
  room.replaceChildren(root);
}
