// The plane: what the network says of each place, and the points, ringed where it is wrong.

/** @import { Picture } from './player.js' */
import { contour } from './contour.js';
import { CLASSES, paint, paintClasses } from './palette.js';

/** @param {Picture} picture */
export const outputsOf = ({ began }) => began.layers[began.layers.length - 1].units;

export class Boundary {
  #canvas;
  #cells = document.createElement('canvas');

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /** The map as it was painted last, cell by cell. */
  get cells() {
    return this.#cells;
  }

  /** @param {Picture} picture */
  draw(picture) {
    const { boundary, cells } = picture;
    const pen = this.#canvas.getContext('2d');
    if (!pen || !boundary) return;
    const outputs = outputsOf(picture);
    if (this.#cells.width !== cells) this.#cells.width = this.#cells.height = cells;
    const small = /** @type {CanvasRenderingContext2D} */ (this.#cells.getContext('2d'));
    const image = small.createImageData(cells, cells);
    if (outputs === 1) paint(image, boundary, 0, 1);
    else paintClasses(image, boundary, outputs);
    small.putImageData(image, 0, 0);

    const side = this.#canvas.clientWidth;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    if (this.#canvas.width !== Math.round(side * ratio)) {
      this.#canvas.width = this.#canvas.height = Math.round(side * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.imageSmoothingEnabled = true;
    pen.drawImage(this.#cells, 0, 0, side, side);
    if (outputs === 1) this.#border(pen, boundary, cells, side);
    this.#points(pen, picture, side);
  }

  /** Where both classes are equally probable. @param {CanvasRenderingContext2D} pen @param {Float32Array} numbers @param {number} cells @param {number} side */
  #border(pen, numbers, cells, side) {
    const cell = side / cells;
    pen.beginPath();
    contour(numbers, cells, 0.5, (x1, y1, x2, y2) => {
      pen.moveTo((x1 + 0.5) * cell, side - (y1 + 0.5) * cell);
      pen.lineTo((x2 + 0.5) * cell, side - (y2 + 0.5) * cell);
    });
    pen.strokeStyle = '#222';
    pen.lineWidth = 1.2;
    pen.stroke();
  }

  /** @param {CanvasRenderingContext2D} pen @param {Picture} picture @param {number} side */
  #points(pen, picture, side) {
    const { began, points } = picture;
    if (!began.plane) return;
    const [left, right, lower, upper] = began.plane;
    const count = points.length / 3;
    const size = count > 1000 ? 2 : count > 400 ? 2.8 : 3.6;
    for (let row = 0; row < count; row++) {
      const [x1, x2, target] = points.subarray(3 * row, 3 * row + 3);
      const across = (x1 - left) / (right - left);
      const up = (x2 - lower) / (upper - lower);
      const [x, y] = [across * side, (1 - up) * side];
      const isHeldOut = row >= began.rows[0];
      pen.beginPath();
      shape(pen, target, x, y, size);
      pen.fillStyle = isHeldOut ? '#fff' : CLASSES[target % CLASSES.length];
      pen.strokeStyle = isHeldOut ? CLASSES[target % CLASSES.length] : '#fff';
      pen.lineWidth = isHeldOut ? 1.8 : 1;
      pen.fill();
      pen.stroke();
      if (said(picture, across, up) !== target) {
        pen.beginPath();
        pen.arc(x, y, size * 1.8, 0, 2 * Math.PI);
        pen.strokeStyle = '#111c';
        pen.lineWidth = 1.3;
        pen.stroke();
      }
    }
  }
}

/** Classes differ in shape, too. @param {CanvasRenderingContext2D} pen @param {number} target @param {number} x @param {number} y @param {number} size */
function shape(pen, target, x, y, size) {
  if (target === 0) {
    pen.arc(x, y, size, 0, 2 * Math.PI);
  } else if (target === 1) {
    pen.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  } else {
    pen.moveTo(x, y - size * 1.3);
    pen.lineTo(x + size * 1.2, y + size * 0.9);
    pen.lineTo(x - size * 1.2, y + size * 0.9);
    pen.closePath();
  }
}

/** The class that the map says at a place, between its cells as the eye sees it. @param {Picture} picture @param {number} across @param {number} up */
function said(picture, across, up) {
  const { boundary, cells } = picture;
  const numbers = /** @type {Float32Array} */ (boundary);
  const [x, y] = [across, up].map((share) => Math.max(0, Math.min(cells - 1.001, share * cells - 0.5)));
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - i, y - j];
  /** @param {number} output */
  const at = (output) => {
    const first = output * cells * cells + j * cells + i;
    const row = (/** @type {number} */ start) => numbers[start] * (1 - dx) + numbers[start + 1] * dx;
    return row(first) * (1 - dy) + row(first + cells) * dy;
  };
  const outputs = outputsOf(picture);
  if (outputs === 1) return at(0) > 0.5 ? 1 : 0;
  let best = 0;
  for (let output = 1; output < outputs; output++) if (at(output) > at(best)) best = output;
  return best;
}
