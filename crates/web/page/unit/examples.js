// The examples of a step on the plane: one of them is looked at.

/** @import { Picture } from '../session/player.js' */
import { eachPoint } from '../draw/boundary.js';
import { svg } from '../common/dom.js';

/** Units of the drawing are of this square. */
const SIDE = 200;
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
  draw(picture, rows, looked) {
    const examples = new Map(rows.map((row, example) => [row, example]));
    this.#places = [];
    /** @type {Element[]} */
    const marks = [];
    eachPoint(picture, (row, across, up, target) => {
      const example = examples.get(row);
      if (example === undefined) return;
      const [x, y] = [across * SIDE, (1 - up) * SIDE];
      this.#places.push({ example, x, y });
      const mark = shape(target, x, y, sizeOf(rows.length));
      if (example === looked) {
        // On top of all others.
        marks.push(mark, svg('circle', { cx: x, cy: y, r: 9, class: 'ring' }));
        mark.classList.add('looked');
      } else {
        marks.unshift(mark);
      }
    });
    this.#layer.replaceChildren(svg('rect', { width: SIDE, height: SIDE, class: 'veil' }), ...marks);
  }
}

/** As the plane has the classes. @param {number} target @param {number} x @param {number} y @param {number} size */
function shape(target, x, y, size) {
  const kind = `example class-${target}`;
  if (target === 0) return svg('circle', { cx: x, cy: y, r: size, class: kind });
  if (target === 1) return svg('rect', { x: x - size * 0.9, y: y - size * 0.9, width: size * 1.8, height: size * 1.8, class: kind });
  return svg('path', { d: `M${x} ${y - size * 1.3}l${size * 1.2} ${size * 2.2}h${-size * 2.4}z`, class: kind });
}
