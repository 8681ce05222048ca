// Analytic against numeric: what is right lies on the diagonal.

/** @import { GradientCheck } from '../session/protocol.d.ts' */
import { t } from '../common/words.js';
import { label, line, mark, nearest, picture, power, ring } from './chart.js';

const MOST = 380;
const EDGE = 46;
/** Below a thousandth of the largest entry the axes are straight, above it they are logarithmic. */
const STRAIGHT = 3;

/**
 * @param {HTMLElement} room
 * @param {GradientCheck} check
 * @param {(at: number) => void} chosen
 * @returns {(at: number) => void} shows a parameter
 */
export function scatter(room, check, chosen) {
  const { analytic, numeric, verdicts } = check;
  const side = Math.min(MOST, room.clientWidth);
  const most = Math.max(...analytic.concat(numeric).map(Math.abs), Number.MIN_VALUE);
  const top = Math.ceil(Math.log10(most));
  const least = 10 ** (top - STRAIGHT);
  const bent = (/** @type {number} */ value) => Math.sign(value) * Math.log10(1 + Math.abs(value) / least);
  const half = (side - EDGE - 12) / 2;
  const unit = half / (bent(most) * 1.06);
  const [middleX, middleY] = [EDGE + half, 8 + half];
  const at = (/** @type {number} */ value) => bent(value) * unit;
  const root = picture(side, side, t('scatter-label', { n: verdicts.length, wrong: verdicts.filter((verdict) => verdict === 'wrong').length }));
  const [left, right, upper, lower] = [middleX - half, middleX + half, middleY - half, middleY + half];
  root.append(
    line(left, middleY, right, middleY, 'axis'), line(middleX, upper, middleX, lower, 'axis'),
    line(left, lower, right, upper, 'diagonal'),
    label(t('numeric'), middleX, side - 6, 'middle', 'title'),
  );
  const up = label(t('analytic'), 12, middleY, 'middle', 'title');
  up.setAttribute('transform', `rotate(-90 12 ${middleY})`);
  root.append(up);
  for (const exponent of [top - 2, top - 1, top]) {
    for (const sign of [1, -1]) {
      const shift = at(sign * 10 ** exponent);
      if (Math.abs(shift) > half - 4) continue;
      const text = `${sign < 0 ? '−' : ''}${power(exponent)}`;
      root.append(label(text, middleX + shift, lower + 14), label(text, left - 4, middleY - shift + 4, 'end'));
      root.append(line(middleX + shift, upper, middleX + shift, lower, 'grid'), line(left, middleY - shift, right, middleY - shift, 'grid'));
    }
  }
  root.append(label('0', middleX, lower + 14), label('0', left - 4, middleY + 4, 'end'));
  /** @type {[number, number][]} */
  const places = analytic.map((value, i) => [middleX + at(numeric[i]), middleY - at(value)]);
  const order = [...places.keys()].sort((a, b) => Number(verdicts[a] === 'wrong') - Number(verdicts[b] === 'wrong'));
  root.append(...order.map((i) => mark(verdicts[i], ...places[i])));
  return shown(room, root, places, chosen);
}

/**
 * Put a picture into its room, with a ring that goes where it is told.
 * @param {HTMLElement} room
 * @param {Element} root
 * @param {[number, number][]} places
 * @param {(at: number) => void} chosen
 */
export function shown(room, root, places, chosen) {
  const around = ring();
  root.append(around);
  nearest(root, places, chosen);
  room.replaceChildren(root);
  return (/** @type {number} */ at) => {
    around.setAttribute('cx', String(places[at][0]));
    around.setAttribute('cy', String(places[at][1]));
  };
}
