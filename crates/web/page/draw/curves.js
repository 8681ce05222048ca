// Loss and accuracy over the steps; a click goes to that instant.

/** @import { Picture } from '../session/player.js' */
import uPlot from '../vendor/uplot/uPlot.esm.js';
import { color } from '../common/dom.js';
import { CURVES } from './palette.js';

const HEIGHT = 150;

export class Curves {
  /** @type {uPlot[]} */ #plots = [];
  #rooms;
  #seek;
  #step = 0;
  /** @type {Float32Array | undefined} */ #drawn;

  /** @param {{ loss: HTMLElement, accuracy: HTMLElement }} rooms @param {(step: number) => void} seek */
  constructor(rooms, seek) {
    this.#rooms = [rooms.loss, rooms.accuracy];
    this.#seek = seek;
    this.restyle();
    const watch = new ResizeObserver(() =>
      this.#plots.forEach((plot, at) => plot.setSize({ width: this.#rooms[at].clientWidth, height: HEIGHT })));
    watch.observe(rooms.loss);
  }

  /** In the colours of now. */
  restyle() {
    const data = this.#plots.map((plot) => plot.data);
    this.#plots.forEach((plot) => plot.destroy());
    this.#plots = this.#rooms.map((room, at) => new uPlot(this.#options(room, at), data[at] ?? [[], [], []], room));
  }

  /** @param {Picture} picture */
  draw({ curve, at }) {
    // The axes alone take longer than all else: no new points, no new drawing.
    if (curve === this.#drawn) return;
    this.#drawn = curve;
    this.#step = at.step;
    const count = curve.length / 5;
    const column = (/** @type {number} */ place) =>
      Array.from({ length: count }, (_, point) => {
        const value = curve[5 * point + place];
        return Number.isFinite(value) ? value : null;
      });
    const steps = /** @type {number[]} */ (column(0));
    this.#plots[0].setData([steps, column(1), column(3)]);
    this.#plots[1].setData([steps, column(2), column(4)]);
  }

  /** @param {HTMLElement} room @param {number} at @returns {uPlot.Options} */
  #options(room, at) {
    const axis = { stroke: color('soft'), grid: { stroke: color('line'), width: 1 }, ticks: { show: false }, font: '12px system-ui' };
    return {
      width: room.clientWidth || 300,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: { x: { time: false }, y: { range: (_, __, most) => (at === 1 ? [0, 1] : [0, Math.max(most, 0.1) * 1.05]) } },
      series: [
        {},
        { stroke: CURVES[0], width: 1.6, points: { show: false } },
        { stroke: CURVES[1], width: 1.6, dash: [5, 3], points: { show: false } },
      ],
      axes: [
        { ...axis, size: 26, space: 70 },
        { ...axis, size: 42, space: 32, values: (_, ticks) => ticks.map((tick) => (at === 1 ? `${Math.round(tick * 100)} %` : tick < 10000 ? String(tick) : tick.toExponential())) },
      ],
      hooks: {
        draw: [(plot) => this.#now(plot)],
        ready: [(plot) => plot.over.addEventListener('click', () => this.#seek(Math.max(0, Math.round(plot.posToVal(plot.cursor.left ?? 0, 'x')))))],
      },
    };
  }

  /** A line at the instant that is shown. @param {uPlot} plot */
  #now({ ctx, bbox, valToPos, data }) {
    if (!data[0].length) return;
    const x = Math.round(valToPos(this.#step, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.save();
    ctx.strokeStyle = color('ink');
    ctx.lineWidth = 1;
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }
}
