// The picture of a network: lines as thick as weights, and the map of each unit.

/** @import { Picture } from '../session/player.js' */
/** @import { LinePlan, NetworkPlan, Place } from './network-plan.js' */
import { color, h } from '../common/dom.js';
import { isSame } from './network-plan.js';
import { paint } from './palette.js';

/** A weight without bound has a line of this width. */
const WIDEST = 5.8;
/** A line that is pointed at is at least so wide. */
const POINTED = 2.5;

/** @param {number} weight */
const widthOf = (weight) => 0.3 + ((WIDEST - 0.3) * Math.abs(weight)) / (Math.abs(weight) + 2);

export class NetworkDrawing {
  canvas = h('canvas', { class: 'drawing', 'aria-hidden': 'true' });
  /** The line that a pointer is over. @type {LinePlan | null} */ over = null;
  /** Other lines than those of this unit are pale. @type {Place | null} */ about = null;

  /** @type {NetworkPlan} */ #plan = { units: [], lines: [], columns: [], size: 0 };
  /** @type {Path2D[]} */ #paths = [];
  #cell = document.createElement('canvas');

  /** @param {NetworkPlan} plan @param {number} width @param {number} height */
  build(plan, width, height) {
    this.#plan = plan;
    this.#paths = plan.lines.map(({ path }) => new Path2D(path));
    this.over = null;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    this.#pen().setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** @param {Picture} picture */
  draw(picture) {
    const pen = this.#pen();
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.#lines(pen, picture.parameters);
    const starts = [0];
    picture.began.layers.forEach((layer, l) => starts.push(starts[l] + layer.units));
    for (const unit of this.#plan.units) this.#unit(pen, picture, unit, starts);
  }

  /** Show the line from one unit to another. @param {[Place, Place]} [line] */
  point(line) {
    this.over = (line && this.#plan.lines.find(({ from, to }) => isSame(from, line[0]) && isSame(to, line[1]))) ?? null;
  }

  #pen() {
    return /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
  }

  /** @param {CanvasRenderingContext2D} pen @param {Float32Array} parameters */
  #lines(pen, parameters) {
    const [positive, negative, none, ink] = [color('positive'), color('negative'), color('edge'), color('ink')];
    const { about } = this;
    this.#plan.lines.forEach((line, at) => {
      const weight = parameters[line.parameter];
      if (Number.isNaN(weight)) return;
      pen.globalAlpha = line === this.over ? 1 : !about || isSame(line.from, about) || isSame(line.to, about) ? 0.8 : 0.15;
      pen.lineWidth = Math.max(widthOf(weight), line === this.over ? POINTED : 0);
      pen.strokeStyle = line === this.over ? ink : weight < 0 ? negative : weight > 0 ? positive : none;
      pen.setLineDash(weight < 0 ? [6, 3] : []);
      pen.stroke(this.#paths[at]);
    });
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Picture} picture
   * @param {{ place: Place, x: number, y: number }} unit
   * @param {number[]} starts the first unit of each layer
   */
  #unit(pen, { began, boundary, span, cells, units, unitCells }, { place, x, y }, starts) {
    if (!began.plane) return;
    const { size } = this.#plan;
    const isOutput = place.layer === began.layers.length - 1;
    const side = isOutput ? cells : unitCells;
    const all = isOutput ? boundary : units;
    const own = isOutput ? place.unit : starts[place.layer] + place.unit;
    if (place.layer < 0) this.#paint(side, feature(place.unit, side), 0, side - 1);
    else if (all && isOutput) this.#paint(side, all.subarray(own * side * side, (own + 1) * side * side), ...span);
    else if (all) {
      const map = all.subarray(own * side * side, (own + 1) * side * side);
      // Zero is white, whatever is largest.
      let most = 0;
      for (const number of map) if (Number.isFinite(number)) most = Math.max(most, Math.abs(number));
      this.#paint(side, map, -(most || 1), most || 1);
    } else return;
    pen.drawImage(this.#cell, x - size / 2, y - size / 2, size, size);
  }

  /** @param {number} side @param {Float32Array} numbers @param {number} low @param {number} high */
  #paint(side, numbers, low, high) {
    if (this.#cell.width !== side) this.#cell.width = this.#cell.height = side;
    const small = /** @type {CanvasRenderingContext2D} */ (this.#cell.getContext('2d', { willReadFrequently: true }));
    const image = small.createImageData(side, side);
    paint(image, numbers, low, high);
    small.putImageData(image, 0, 0);
  }
}

/** A feature is its own place on the plane. @param {number} unit @param {number} side */
function feature(unit, side) {
  return Float32Array.from({ length: side * side }, (_, cell) => (unit ? Math.floor(cell / side) : cell % side));
}
