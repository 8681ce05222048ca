// The plane: what the network says of each place, and the points, ringed where it is wrong.

/** @import { Picture } from '../session/player.js' */
import { contour } from './contour.js';
import { CLASSES, paint, paintClasses, tint } from './palette.js';

/** @param {Picture} picture */
export const outputsOf = ({ began }) => began.layers[began.layers.length - 1].units;

/** More points than these are not seen one by one: every second, or third, … of them is drawn. */
const MOST_POINTS = 4000;
/** One point of so many is drawn. @param {Picture} picture */
export const oneOf = ({ points }) => Math.max(1, Math.ceil(points.length / 3 / MOST_POINTS));

export class Boundary {
  #canvas;
  #cells = document.createElement('canvas');
  #layer = document.createElement('canvas');
  /** What lies on that layer. @type {{ points?: Float32Array, width: number }} */ #laid = { width: 0 };

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /** @param {Picture} picture */
  draw(picture) {
    const { boundary, cells, span, began } = picture;
    const pen = this.#canvas.getContext('2d');
    if (!pen || !boundary || !picture.predictions) return;
    const outputs = outputsOf(picture);
    if (this.#cells.width !== cells) this.#cells.width = this.#cells.height = cells;
    const small = /** @type {CanvasRenderingContext2D} */ (this.#cells.getContext('2d'));
    const image = small.createImageData(cells, cells);
    if (outputs === 1) paint(image, boundary, ...span);
    else paintClasses(image, boundary, outputs);
    small.putImageData(image, 0, 0);

    const side = this.#canvas.clientWidth;
    if (side === 0) return; // not laid out yet; it is drawn again when it is
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    if (this.#canvas.width !== Math.round(side * ratio)) {
      this.#canvas.width = this.#canvas.height = Math.round(side * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.imageSmoothingEnabled = true;
    pen.drawImage(this.#cells, 0, 0, side, side);
    if (outputs === 1 && began.is_classification) this.#border(pen, boundary, cells, side);
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

  /** The points are drawn once, and laid over the map; only the rings change. @param {CanvasRenderingContext2D} pen @param {Picture} picture @param {number} side */
  #points(pen, picture, side) {
    const { began, points, span } = picture;
    if (!began.plane) return;
    const size = sizeOf(points);
    const { width } = this.#canvas;
    if (this.#laid.points !== points || this.#laid.width !== width) {
      this.#laid = { points, width };
      this.#layer.width = this.#layer.height = width;
      const own = /** @type {CanvasRenderingContext2D} */ (this.#layer.getContext('2d'));
      own.setTransform(width / side, 0, 0, width / side, 0, 0);
      eachPoint(picture, (row, across, up, target) => {
        const isHeldOut = row >= began.rows[0];
        const isClass = began.is_classification;
        const hue = isClass ? CLASSES[target % CLASSES.length] : '#333';
        own.beginPath();
        shape(own, isClass ? target : 0, across * side, (1 - up) * side, size);
        own.fillStyle = !isClass ? tint((target - span[0]) / (span[1] - span[0])) : isHeldOut ? '#fff' : hue;
        own.strokeStyle = isHeldOut ? hue : '#fff';
        own.lineWidth = isHeldOut ? 1.8 : 1;
        own.fill();
        own.stroke();
      });
    }
    pen.drawImage(this.#layer, 0, 0, side, side);
    if (!began.is_classification) return;
    pen.beginPath();
    eachPoint(picture, (row, across, up, target) => {
      if (said(picture, row) === target) return;
      const [x, y, radius] = [across * side, (1 - up) * side, size * 1.8];
      pen.moveTo(x + radius, y);
      pen.arc(x, y, radius, 0, 2 * Math.PI);
    });
    pen.strokeStyle = '#111c';
    pen.lineWidth = 1.3;
    pen.stroke();
  }
}

/** @param {Float32Array} points */
function sizeOf(points) {
  const count = points.length / 3;
  return count > 1000 ? 2 : count > 400 ? 2.8 : 3.6;
}

/** Each point by its row, its place as shares of the plane, and its class or number. @param {Picture} picture @param {(row: number, across: number, up: number, target: number) => void} see */
function eachPoint(picture, see) {
  const { began, points } = picture;
  const [left, right, lower, upper] = /** @type {number[]} */ (began.plane);
  for (let at = 0; at < points.length; at += 3 * oneOf(picture)) {
    see(at / 3, (points[at] - left) / (right - left), (points[at + 1] - lower) / (upper - lower), points[at + 2]);
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

/** The class that the network says of a row. @param {Picture} picture @param {number} row */
function said(picture, row) {
  const predictions = /** @type {Float32Array} */ (picture.predictions);
  const outputs = outputsOf(picture);
  if (outputs === 1) return predictions[row] > 0.5 ? 1 : 0;
  const rows = predictions.length / outputs;
  let best = 0;
  for (let output = 1; output < outputs; output++) if (predictions[output * rows + row] > predictions[best * rows + row]) best = output;
  return best;
}
