// The line at which a map has a value: marching squares.

/**
 * @param {Float32Array} numbers cells × cells, row by row
 * @param {number} cells
 * @param {number} level
 * @param {(x1: number, y1: number, x2: number, y2: number) => void} line from the middle of a cell on, in cells
 */
export function contour(numbers, cells, level, line) {
  /** @type {number[]} */
  const crossings = [];
  /** Where the level lies on a side, if it does. */
  const cross = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ dx, /** @type {number} */ dy) => {
    const [from, to] = [numbers[y * cells + x] - level, numbers[(y + dy) * cells + x + dx] - level];
    if (from > 0 === to > 0) return;
    const share = from / (from - to);
    crossings.push(x + dx * share, y + dy * share);
  };
  for (let y = 0; y < cells - 1; y++) {
    for (let x = 0; x < cells - 1; x++) {
      crossings.length = 0;
      cross(x, y, 1, 0);
      cross(x + 1, y, 0, 1);
      cross(x, y + 1, 1, 0);
      cross(x, y, 0, 1);
      for (let at = 0; at + 3 < crossings.length; at += 4) {
        line(crossings[at], crossings[at + 1], crossings[at + 2], crossings[at + 3]);
      }
    }
  }
}
