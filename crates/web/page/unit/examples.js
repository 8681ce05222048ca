// The examples of a step on the plane: one of them is looked at.

/** @import { Picture } from '../session/player.js' */
import { svg } from '../common/dom.js';

/** Units of the drawing are of this square. */
const SIDE = 200;
/** More examples are not drawn; each can be chosen by its number. */
const MOST = 1000;
/** Many points are small. @param {number} points */
const sizeOf = (points) => (points > 100 ? 2.8 : 4.4);

export class Examples {
  /** @type {{ example: number, x: number, y: number }[]} */ #places = [];
  #layer = svg('svg', { class: 'examples', viewBox: `0 0 ${SIDE} ${SIDE}`, 'aria-hidden': 'true' });

  /** @param {HTMLElement} room which holds the plane @param {(example: number) => void} chosen */
  constructor(room, chosen) {
    room.append(this.#layer);
    this.#layer.addEventListener('click', (event) => {
      const { left, top, width } = this.#layer.getBoundingClientRect();
      const { clientX, clientY } = /** @type {MouseEvent} */ (event);
      const [x, y] = [clientX - left, clientY - top].map((pixels) => (pixels * SIDE) / width);
      const apart = (/** @type {{ x: number, y: number }} */ place) => Math.hypot(place.x - x, place.y - y);
      const nearest = [...this.#places].sort((a, b) => apart(a) - apart(b))[0];
      if (nearest) chosen(nearest.example);
    });
  }

  /** @param {Picture} picture @param {number[]} rows of the step, as places among the points @param {number} looked at */
  draw({ began, points }, rows, looked) {
    this.#places = [];
    if (!began.plane) return;
    const [left, right, lower, upper] = began.plane;
    /** @type {Element[]} */
    const marks = [];
    const some = Math.ceil(rows.length / MOST);
    rows.forEach((row, example) => {
      if (example % some && example !== looked) return;
      const [across, up, target] = points.subarray(3 * row, 3 * row + 3);
      const [x, y] = [(SIDE * (across - left)) / (right - left), (SIDE * (upper - up)) / (upper - lower)];
      this.#places.push({ example, x, y });
      const mark = shape(began.is_classification ? target : null, x, y, sizeOf(rows.length));
      // On top of all others.
      if (example === looked) marks.push(mark, svg('circle', { cx: x, cy: y, r: 9, class: 'ring' }));
      else marks.unshift(mark);
    });
    this.#layer.replaceChildren(svg('rect', { width: SIDE, height: SIDE, class: 'veil' }), ...marks);
  }
}

/** As the plane has the classes; a number is a circle. @param {number | null} target @param {number} x @param {number} y @param {number} size */
function shape(target, x, y, size) {
  const kind = target === null ? 'example of-number' : `example class-${target}`;
  if (!target) return svg('circle', { cx: x, cy: y, r: size, class: kind });
  if (target === 1) return svg('rect', { x: x - size * 0.9, y: y - size * 0.9, width: size * 1.8, height: size * 1.8, class: kind });
  return svg('path', { d: `M${x} ${y - size * 1.3}l${size * 1.2} ${size * 2.2}h${-size * 2.4}z`, class: kind });
}
