// Where units and lines of a network lie in its picture.

/** @import { Began } from '../session/protocol.d.ts' */

/** @typedef {{ layer: number, unit: number }} Place layer −1 are the inputs, the last one the output */
/** @typedef {{ place: Place, x: number, y: number }} UnitPlan x and y of its middle */
/** @typedef {{ from: Place, to: Place, parameter: number, path: string }} LinePlan */
/** @typedef {{ units: UnitPlan[], lines: LinePlan[], columns: { count: number, x: number }[], size: number }} NetworkPlan */

/** More units of a layer are not drawn. */
export const MOST_DRAWN = 16;
export const HEIGHT = 380;

/** @param {Place} place @param {Place} [other] */
export const isSame = (place, other) => place.layer === other?.layer && place.unit === other.unit;

/** @param {Began} began @param {number} width @param {number} height @returns {NetworkPlan} */
export function planOf({ features, layers, places }, width, height) {
  const counts = [features.length, ...layers.map((layer) => layer.units)];
  const column = width / counts.length;
  const drawn = counts.map((count) => Math.min(count, MOST_DRAWN));
  const size = Math.max(14, Math.min(44, height / Math.max(...drawn) - 6, column * 0.6));
  /** @type {UnitPlan[]} */
  const units = [];
  /** @type {LinePlan[]} */
  const lines = [];
  /** @param {Place} place @returns {UnitPlan} */
  const unitAt = (place) => {
    const count = drawn[place.layer + 1];
    const gap = Math.min(height / count, size + 22);
    return { place, x: column * (place.layer + 1.5), y: height / 2 + (place.unit - (count - 1) / 2) * gap };
  };
  drawn.forEach((count, at) => {
    for (let unit = 0; unit < count; unit++) {
      const to = unitAt({ layer: at - 1, unit });
      units.push(to);
      for (let input = 0; at > 0 && input < drawn[at - 1]; input++) {
        const from = unitAt({ layer: at - 2, unit: input });
        const [start, end] = [from.x + size / 2, to.x - size / 2];
        const bend = (end - start) / 2;
        const path = `M${start} ${from.y}C${start + bend} ${from.y} ${end - bend} ${to.y} ${end} ${to.y}`;
        lines.push({ from: from.place, to: to.place, parameter: places[at - 1][0] + unit * counts[at - 1] + input, path });
      }
    }
  });
  return { units, lines, columns: counts.map((count, at) => ({ count, x: column * (at + 0.5) })), size };
}
