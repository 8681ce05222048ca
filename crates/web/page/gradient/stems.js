// By which share each parameter differs, matrix by matrix.

/** @import { GradientCheck } from '../session/protocol.d.ts' */
import { t } from '../common/words.js';
import { AGREES, apart, matrixOf } from './check.js';
import { label, line, mark, picture, power } from './chart.js';
import { shown } from './scatter.js';

const HEIGHT = 210;
const EDGE = 46;
/** Shares from 10⁻¹² to 1; what is less lies on the ground. */
const LOWEST = -12;

/** @param {HTMLElement} room @param {GradientCheck} check @param {(at: number) => void} chosen */
export function stems(room, check, chosen) {
  const { names, verdicts } = check;
  const width = room.clientWidth;
  const [ground, top] = [HEIGHT - 26, 12];
  const across = (/** @type {number} */ at) => EDGE + ((at + 0.5) * (width - EDGE - 8)) / names.length;
  const up = (/** @type {number} */ share) => {
    const exponent = share > 0 ? Math.max(LOWEST, Math.min(0, Math.log10(share))) : LOWEST;
    return ground + ((exponent - LOWEST) / -LOWEST) * (top - ground);
  };
  const root = picture(width, HEIGHT, t('stems-label'));
  for (const exponent of [-12, -9, -6, -3, 0]) {
    root.append(line(EDGE, up(10 ** exponent), width, up(10 ** exponent), 'grid'), label(power(exponent), EDGE - 6, up(10 ** exponent) + 4, 'end'));
  }
  root.append(line(EDGE, up(AGREES), width, up(AGREES), 'limit'));
  /** @type {[number, number][]} */
  const places = names.map((_, at) => [across(at), up(apart(check, at))]);
  places.forEach(([x, y], at) => root.append(line(x, ground, x, y, `stem ${verdicts[at]}`), mark(verdicts[at], x, y)));
  let end = -Infinity;
  names.forEach((name, at) => {
    const matrix = matrixOf(name);
    if (at > 0 && matrixOf(names[at - 1]) === matrix) return;
    const count = names.filter((other) => matrixOf(other) === matrix).length;
    const [from, to] = [across(at - 0.5), across(at + count - 0.5)];
    if (at > 0) root.append(line(from, top, from, ground + 6, 'border'));
    const middle = (from + to) / 2;
    // Names of narrow matrices make room for one another.
    if (middle - end > 24) {
      root.append(label(matrix, middle, HEIGHT - 8, 'middle', 'title'));
      end = middle;
    }
  });
  return shown(room, root, places, chosen);
}
