// A plot that fills its room, in the colours of now.

import uPlot from '../vendor/uplot/uPlot.esm.js';
import { color } from '../common/dom.js';
import { brief } from './numbers.js';

const HEIGHT = 220;
/** Epochs and trials are counted. */
const WHOLE = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/**
 * @param {HTMLElement} room
 * @param {uPlot.Series[]} series those of y
 * @param {uPlot.AlignedData} data
 */
export function plot(room, series, data) {
  const axis = { stroke: color('soft'), grid: { stroke: color('line'), width: 1 }, ticks: { show: false }, font: '12px system-ui' };
  const made = new uPlot({
    width: room.clientWidth || 300,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false } },
    series: [{}, ...series],
    axes: [{ ...axis, size: 26, space: 60, incrs: WHOLE }, { ...axis, size: 56, space: 32, values: (_, ticks) => ticks.map(brief) }],
  }, data, room);
  new ResizeObserver((_, watch) => {
    if (!room.isConnected) watch.disconnect();
    else if (room.clientWidth) made.setSize({ width: room.clientWidth, height: HEIGHT });
  }).observe(room);
}
