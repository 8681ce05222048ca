// Colours of a number from low to high: one way from light to dark, and the same to all eyes that see light (viridis).

const STOPS = [
  [253, 231, 37], [180, 222, 44], [109, 205, 89], [53, 183, 121], [31, 158, 137],
  [38, 130, 142], [49, 104, 142], [62, 74, 137], [72, 40, 120], [68, 1, 84],
];

/** @param {number} share from 0, light, to 1, dark */
export function shade(share) {
  const place = Math.max(0, Math.min(1, share)) * (STOPS.length - 1);
  const stop = Math.min(Math.floor(place), STOPS.length - 2);
  const mixed = STOPS[stop].map((from, c) => Math.round(from + (place - stop) * (STOPS[stop + 1][c] - from)));
  return `rgb(${mixed.join()})`;
}

/** All of them beside each other, as a style's background. */
export const shades = () => `linear-gradient(90deg, ${STOPS.map((_, at) => shade(at / (STOPS.length - 1))).join()})`;

/** Stripes for what has no number. @param {CanvasRenderingContext2D} pen @param {string} ground @param {string} ink */
export function stripes(pen, ground, ink) {
  const size = 8;
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const own = /** @type {CanvasRenderingContext2D} */ (tile.getContext('2d'));
  own.fillStyle = ground;
  own.fillRect(0, 0, size, size);
  own.strokeStyle = ink;
  own.lineWidth = 1.6;
  own.beginPath();
  for (const shift of [-size, 0, size]) {
    own.moveTo(shift - 1, size + 1);
    own.lineTo(shift + size + 1, -1);
  }
  own.stroke();
  return /** @type {CanvasPattern} */ (pen.createPattern(tile, 'repeat'));
}
