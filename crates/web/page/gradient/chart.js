// What the room's pictures are drawn with.

/** @import { Verdict } from '../session/protocol.d.ts' */
import { svg } from '../common/dom.js';
import { powerOfTen } from '../common/numbers.js';

/** An empty picture of so many pixels. @param {number} width @param {number} height @param {string} label */
export function picture(width, height, label) {
  return svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label });
}

/** @param {string} text @param {number} x @param {number} y @param {'start' | 'middle' | 'end'} [anchor] @param {string} [kind] */
export function label(text, x, y, anchor = 'middle', kind = 'tick') {
  const element = svg('text', { x, y, 'text-anchor': anchor, class: kind });
  element.textContent = text;
  return element;
}

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {string} kind */
export const line = (x1, y1, x2, y2, kind) => svg('line', { x1, y1, x2, y2, class: kind });

/** A power of ten, short: 1 for itself. @param {number} power */
export const power = (power) => (power === 0 ? '1' : powerOfTen(power));

/** Verdicts differ in shape and in colour. @param {Verdict} verdict @param {number} x @param {number} y */
export function mark(verdict, x, y) {
  const kind = `point ${verdict}`;
  if (verdict === 'wrong') return svg('path', { d: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`, class: kind });
  if (verdict === 'kink') return svg('path', { d: `M${x} ${y - 4.5}l4.2 7.5h-8.4z`, class: kind });
  return svg('circle', { cx: x, cy: y, r: 3.2, class: kind });
}

/** A ring around the parameter that is looked at. */
export const ring = () => svg('circle', { r: 8, class: 'chosen' });

/**
 * The nearest place under a pointer is chosen.
 * @param {Element} root
 * @param {[number, number][]} places
 * @param {(at: number) => void} chosen
 */
export function nearest(root, places, chosen) {
  root.addEventListener('pointermove', (event) => {
    const { left, top } = root.getBoundingClientRect();
    const { clientX, clientY } = /** @type {PointerEvent} */ (event);
    const apart = (/** @type {[number, number]} */ [x, y]) => Math.hypot(x - clientX + left, y - clientY + top);
    let best = 0;
    places.forEach((place, at) => {
      if (apart(place) < apart(places[best])) best = at;
    });
    chosen(best);
  });
}
