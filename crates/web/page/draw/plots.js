// Two plots over the steps, of loss and of accuracy; a click goes to that instant.

import uPlot from '../vendor/uplot/uPlot.esm.js';
import { color } from '../common/dom.js';
import { t } from '../common/words.js';
import { topOf } from './top.js';

const HEIGHT = 150;
/** Pixels between two labels at the ends of lines. */
const LABEL = 13;

/** Multiples of powers of ten: more of them where the axis is short. */
const WITHIN = [[1], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9], Array.from({ length: 90 }, (_, at) => (10 + at) / 10)];
/** A logarithmic axis. @type {Partial<uPlot.Axis>} */
const LOGARITHMIC = {
  // uPlot asks for a distance between ticks, and draws none where it finds none.
  incrs: (_, __, least, most) => [Math.max(5, most - least)],
  splits: (_, __, least, most) => {
    const [first, last] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
    const every = Math.max(1, Math.ceil((last - first) / 6));
    const powers = Array.from({ length: last - first + 1 }, (_, at) => first + at).filter((power) => power % every === 0);
    const ticks = WITHIN.map((within) => powers.flatMap((power) => within.map((times) => Number(`${times}e${power}`))).filter((tick) => tick >= least && tick <= most));
    return ticks.find(({ length }) => length >= 3) ?? ticks[ticks.length - 1];
  },
  filter: (_, splits) => splits,
};

/** @typedef {{ color: string, dash: number[], label?: string }} Line how a line is drawn, and what stands at its end */
/**
 * @typedef {object} Look
 * @property {boolean} [isLogarithmic] losses, where they differ by powers of ten
 * @property {number} [height]
 */

export class Plots {
  /** @type {uPlot[]} */ #plots = [];
  #rooms;
  #seek;
  #look;
  /** @type {Line[]} */ #lines = [];
  /** Instants with a line across: the one that is shown, and where futures part. @type {{ step: number, fork: number }} */ #at = { step: 0, fork: 0 };

  /** @param {{ loss: HTMLElement, accuracy: HTMLElement }} rooms @param {(step: number) => void} seek @param {Look} [look] */
  constructor(rooms, seek, look = {}) {
    this.#rooms = [rooms.loss, rooms.accuracy];
    this.#seek = seek;
    this.#look = { isLogarithmic: false, height: HEIGHT, ...look };
    const watch = new ResizeObserver(() =>
      this.#plots.forEach((plot) => plot.setSize({ width: rooms.loss.clientWidth, height: this.#look.height })));
    watch.observe(rooms.loss);
  }

  /** @param {boolean} isLogarithmic */
  scale(isLogarithmic) {
    this.#look.isLogarithmic = isLogarithmic;
    this.restyle();
  }

  /** Draw these lines, in the colours of now. @param {Line[]} [lines] */
  restyle(lines = this.#lines) {
    const data = this.#plots.map((plot) => plot.data);
    const isAsMany = lines.length === this.#lines.length;
    this.#lines = lines;
    this.#plots.forEach((plot) => plot.destroy());
    const none = () => /** @type {uPlot.AlignedData} */ ([[], ...lines.map(() => [])]);
    this.#plots = this.#rooms.map((room, at) => new uPlot(this.#options(at), (isAsMany && data[at]) || none(), room));
  }

  /** @param {uPlot.AlignedData} loss @param {uPlot.AlignedData} accuracy @param {number} step @param {number} [fork] */
  show(loss, accuracy, step, fork = 0) {
    this.#at = { step, fork };
    this.#plots[0].setData(this.#look.isLogarithmic ? positive(loss) : loss);
    this.#plots[1].setData(accuracy);
  }

  /** @param {number} at @returns {uPlot.Options} */
  #options(at) {
    const axis = { stroke: color('soft'), grid: { stroke: color('line'), width: 1 }, ticks: { show: false }, font: '12px system-ui' };
    const isLogarithmic = this.#look.isLogarithmic && at === 0;
    /** @type {uPlot.Scale} */
    const y = isLogarithmic
      ? { distr: 3, range: (_, least, most) => (least > 0 ? [least / 1.3, most * 1.3] : [0.1, 1]) }
      : { range: ({ data: [, ...lines] }) => [0, at === 1 ? 1 : topOf(lines).top] };
    const write = (/** @type {number} */ tick) =>
      at === 1 ? `${Math.round(tick * 100)} %` : tick === 0 || (tick < 10000 && tick >= 0.001) ? String(tick) : tick.toExponential(0);
    return {
      // The other one may not be shown.
      width: this.#rooms[0].clientWidth || 300,
      height: this.#look.height,
      padding: this.#lines.some(({ label }) => label) ? [null, 28, null, null] : undefined,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: { x: { time: false }, y },
      series: [{}, ...this.#lines.map((line) => ({ stroke: line.color, width: 1.6, dash: line.dash, points: { show: false } }))],
      axes: [
        { ...axis, size: 26, space: 70 },
        { ...axis, size: 46, space: 32, values: (_, ticks) => ticks.map(write), ...(isLogarithmic ? LOGARITHMIC : {}) },
      ],
      hooks: {
        draw: [(plot) => this.#over(plot)],
        ready: [(plot) => plot.over.addEventListener('click', () => this.#seek(Math.max(0, Math.round(plot.posToVal(plot.cursor.left ?? 0, 'x')))))],
      },
    };
  }

  /** What lies over the lines. @param {uPlot} plot */
  #over(plot) {
    if (!plot.data[0].length) return;
    const { step, fork } = this.#at;
    plot.ctx.save();
    if (fork) this.#across(plot, fork, [6, 4]);
    this.#across(plot, step, []);
    this.#labels(plot);
    if (plot === this.#plots[0] && !this.#look.isLogarithmic) this.#above(plot);
    plot.ctx.restore();
  }

  /** How high a spike is that the axis does not show. @param {uPlot} plot */
  #above({ ctx, bbox, data: [, ...lines] }) {
    const { above } = topOf(lines);
    if (above === null) return;
    const pxRatio = window.devicePixelRatio || 1;
    ctx.font = `${12 * pxRatio}px system-ui`;
    ctx.textBaseline = 'top';
    ctx.fillStyle = color('soft');
    ctx.fillText(t('above-axis', { most: Number(above.toPrecision(2)) }), bbox.left + 8 * pxRatio, bbox.top + 2 * pxRatio);
  }

  /** @param {uPlot} plot @param {number} step @param {number[]} dash */
  #across({ ctx, bbox, valToPos }, step, dash) {
    const x = Math.round(valToPos(step, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.strokeStyle = color(dash.length ? 'soft' : 'ink');
    ctx.lineWidth = 1;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }

  /** Each line's name at its end, none over another. @param {uPlot} plot */
  #labels({ ctx, bbox, data, valToPos }) {
    const pxRatio = window.devicePixelRatio || 1;
    const ends = this.#lines.flatMap(({ label, color: hue }, at) => {
      const values = /** @type {(number | null | undefined)[]} */ (data[at + 1]);
      const last = values.findLastIndex((value) => value !== null && value !== undefined);
      if (!label || last < 0) return [];
      const y = Math.min(bbox.top + bbox.height, Math.max(bbox.top, valToPos(Number(values[last]), 'y', true)));
      return [{ label, hue, x: valToPos(data[0][last], 'x', true), y, to: y }];
    });
    ends.sort((a, b) => a.y - b.y);
    const apart = LABEL * pxRatio;
    ends.forEach((end, at) => (end.to = Math.max(end.y, at ? ends[at - 1].to + apart : bbox.top)));
    let lowest = bbox.top + bbox.height;
    for (const end of ends.toReversed()) {
      end.to = Math.min(end.to, lowest);
      lowest = end.to - apart;
    }
    ctx.font = `600 ${12 * pxRatio}px system-ui`;
    ctx.textBaseline = 'middle';
    ctx.setLineDash([]);
    for (const { label, hue, x, y, to } of ends) {
      const start = x + 5 * pxRatio;
      ctx.strokeStyle = hue;
      ctx.lineWidth = 1.5 * pxRatio;
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.lineTo(start + 4 * pxRatio, to);
      ctx.stroke();
      ctx.fillStyle = color('ink');
      ctx.fillText(label, start + 6 * pxRatio, to);
    }
  }
}

/** Logarithms are of positive numbers. @param {uPlot.AlignedData} data @returns {uPlot.AlignedData} */
function positive([steps, ...columns]) {
  return [steps, ...columns.map((column) => Array.from(column, (value) => (value === null || (value !== undefined && value <= 0) ? null : value)))];
}

/** A column of a curve: step, loss, accuracy, held-out loss, held-out accuracy. @param {Float32Array} curve @param {number} place */
export function columnOf(curve, place) {
  return Array.from({ length: curve.length / 5 }, (_, point) => {
    const value = curve[5 * point + place];
    return Number.isFinite(value) ? value : null;
  });
}
