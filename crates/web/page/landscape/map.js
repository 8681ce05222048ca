// The map on its canvas: cells as far as they are trained, axes, the present recipe, and the cell of the cursor.

/** @import { Scale } from './scale.js' */
/** @import { End } from '../session/ends.js' */
/** @import { Cell, Wanted } from './trainings.js' */
import { color } from '../common/dom.js';
import { brief } from '../common/numbers.js';
import { t } from '../common/words.js';
import { shade, stripes } from '../draw/shades.js';
import { shareAt, ticksOf } from './axes.js';
import { scaleOf, shareOf } from './scale.js';
import { sizesOf } from './trainings.js';

/** @typedef {{ x: number, y: number, side: number }} Field the map itself on the canvas */
/** @typedef {[number, number, number, number]} Box from and to, as shares of the map: left, lower, right, upper */

const MARGIN = { left: 62, right: 16, top: 8, bottom: 46 };

export class MapDrawing {
  /** @type {Scale | null} */ scale = null;
  /** @type {{ across: number, up: number } | null} of the finest cells */ cursor = null;
  /** @type {Cell | null} */ chosen = null;
  /** A rectangle that is drawn with the pointer. @type {Box | null} */ box = null;
  /** The training that the map belongs to: its values, where it has them. @type {[number | null, number | null]} */ present = [null, null];

  #canvas;
  #isDue = false;
  /** @type {() => void} */ #draw = () => {};

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    new ResizeObserver(() => this.due()).observe(canvas);
  }

  /** @param {Wanted} wanted @param {(cell: Cell) => End | undefined} of @param {(trained: End) => number} measure */
  show(wanted, of, measure) {
    this.#draw = () => this.#drawn(wanted, of, measure);
    this.due();
  }

  /** It is drawn again with the next frame. */
  due() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  /** Where the map lies on the canvas. @returns {Field} */
  get field() {
    return { x: MARGIN.left, y: MARGIN.top, side: this.#canvas.clientWidth - MARGIN.left - MARGIN.right };
  }

  /** @param {Wanted} wanted @param {(cell: Cell) => End | undefined} of @param {(trained: End) => number} measure */
  #drawn(wanted, of, measure) {
    const { field } = this;
    const pen = this.#canvas.getContext('2d');
    if (!pen || field.side <= 0) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const [width, height] = [this.#canvas.clientWidth, field.side + MARGIN.top + MARGIN.bottom];
    if (this.#canvas.width !== Math.round(width * ratio) || this.#canvas.height !== Math.round(height * ratio)) {
      [this.#canvas.width, this.#canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.#cells(pen, wanted, of, measure);
    this.#axes(pen, wanted);
    this.#present(pen, wanted);
    const { cursor, chosen, box } = this;
    const finest = wanted.cells;
    if (chosen) this.#frame(pen, boxOf(chosen, chosen.size), [], 2.5);
    if (cursor && document.activeElement === this.#canvas) this.#frame(pen, boxOf(cursor, finest), [], 1.5);
    if (box) this.#frame(pen, box, [5, 3], 1.5);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Wanted} wanted @param {(cell: Cell) => End | undefined} of @param {(trained: End) => number} measure */
  #cells(pen, { cells }, of, measure) {
    const { x, y, side } = this.field;
    /** @type {{ left: number, top: number, width: number, height: number, loss: number }[]} */
    const drawn = [];
    for (const size of sizesOf(cells)) {
      for (let at = 0; at < size * size; at++) {
        const cell = { size, across: at % size, up: Math.floor(at / size) };
        const trained = of(cell);
        if (!trained) continue;
        // Whole pixels, so that neighbours touch.
        const edge = (/** @type {number} */ place) => Math.round((place * side) / size);
        const [left, right, lower, upper] = [edge(cell.across), edge(cell.across + 1), edge(cell.up), edge(cell.up + 1)];
        const loss = trained.isDiverged ? NaN : measure(trained);
        drawn.push({ left: x + left, top: y + Math.round(side) - upper, width: right - left, height: upper - lower, loss });
      }
    }
    this.scale = scaleOf(drawn.map(({ loss }) => loss).filter(Number.isFinite));
    const striped = stripes(pen, color('card'), color('soft'));
    for (const { left, top, width, height, loss } of drawn) {
      pen.fillStyle = Number.isFinite(loss) && this.scale ? shade(shareOf(this.scale, loss)) : striped;
      pen.fillRect(left, top, width, height);
    }
    pen.strokeStyle = color('edge');
    pen.lineWidth = 1;
    pen.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Wanted} wanted */
  #axes(pen, { axes, ranges }) {
    const { x, y, side } = this.field;
    pen.font = '12px system-ui';
    pen.fillStyle = pen.strokeStyle = color('soft');
    pen.beginPath();
    /** The right end of the last label: labels do not run into one another. */
    let end = 0;
    pen.textAlign = 'center';
    pen.textBaseline = 'top';
    for (const tick of ticksOf(axes[0], ranges[0])) {
      const at = x + shareAt(axes[0], ranges[0], tick) * side;
      pen.moveTo(at, y + side);
      pen.lineTo(at, y + side + 5);
      const half = pen.measureText(brief(tick)).width / 2;
      if (at - half < end + 6) continue;
      pen.fillText(brief(tick), at, y + side + 8);
      end = at + half;
    }
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    for (const tick of ticksOf(axes[1], ranges[1])) {
      const at = y + (1 - shareAt(axes[1], ranges[1], tick)) * side;
      pen.moveTo(x - 5, at);
      pen.lineTo(x, at);
      pen.fillText(brief(tick), x - 8, at);
    }
    pen.stroke();
    pen.fillStyle = color('ink');
    pen.font = '600 13px system-ui';
    pen.textAlign = 'center';
    pen.textBaseline = 'alphabetic';
    pen.fillText(t(`axis-${axes[0].key}`), x + side / 2, y + side + 40);
    pen.save();
    pen.translate(14, y + side / 2);
    pen.rotate(-Math.PI / 2);
    pen.fillText(t(`axis-${axes[1].key}`), 0, 0);
    pen.restore();
  }

  /** Where the present recipe lies, as far as it has these numbers; none where that is not on this map. @param {Wanted} wanted */
  placeOfPresent({ axes, ranges }) {
    const shares = this.present.map((value, at) => (value === null || (axes[at].isLog && value <= 0) ? null : shareAt(axes[at], ranges[at], value)));
    return shares.some((share) => share !== null && (share < 0 || share > 1)) ? null : shares;
  }

  /** A ring where it has both values, a line where it has one. @param {CanvasRenderingContext2D} pen @param {Wanted} wanted */
  #present(pen, wanted) {
    const { x, y, side } = this.field;
    const place = this.placeOfPresent(wanted);
    if (!place) return;
    const [across, up] = place;
    const path = new Path2D();
    if (across !== null && up !== null) {
      path.arc(x + across * side, y + (1 - up) * side, 8, 0, 2 * Math.PI);
    } else if (across !== null) {
      path.moveTo(x + across * side, y);
      path.lineTo(x + across * side, y + side);
    } else if (up !== null) {
      path.moveTo(x, y + (1 - up) * side);
      path.lineTo(x + side, y + (1 - up) * side);
    }
    twice(pen, path, 2, '#fff', '#c2185b');
  }

  /** @param {CanvasRenderingContext2D} pen @param {Box} box @param {number[]} dash @param {number} width */
  #frame(pen, [left, lower, right, upper], dash, width) {
    const { x, y, side } = this.field;
    const path = new Path2D();
    path.rect(x + left * side, y + (1 - upper) * side, (right - left) * side, (upper - lower) * side);
    pen.setLineDash(dash);
    twice(pen, path, width, '#fff', '#000');
    pen.setLineDash([]);
  }
}

/** @param {{ across: number, up: number }} cell @param {number} size @returns {Box} */
const boxOf = ({ across, up }, size) => [across / size, up / size, (across + 1) / size, (up + 1) / size];

/** A line that is seen on every colour. @param {CanvasRenderingContext2D} pen @param {Path2D} path @param {number} width @param {string} around @param {string} within */
function twice(pen, path, width, around, within) {
  pen.lineWidth = width + 2.5;
  pen.strokeStyle = around;
  pen.stroke(path);
  pen.lineWidth = width;
  pen.strokeStyle = within;
  pen.stroke(path);
}
