// Colours, those of the reports: told apart by people who confuse red and green, and seen on light and on dark.

/** Of points of class 0, 1, 2, …. */
export const CLASSES = ['#b2182b', '#2166ac', '#1b7837', '#e08214', '#762a83', '#4d4d4d'];
/** Curves: learned from, held out. */
export const CURVES = ['#0072b2', '#d55e00'];

/** From one side of the border to the other: red, white, blue. */
const DIVERGING = [
  [244, 165, 130],
  [253, 219, 199],
  [247, 245, 240],
  [209, 229, 240],
  [146, 197, 222],
];
/** Of each class where its probability is 1, when there are several. */
const PALE = [
  [244, 165, 130],
  [146, 197, 222],
  [150, 208, 150],
  [250, 210, 130],
  [194, 165, 207],
  [190, 190, 190],
];
/** Of a cell without a number. */
const WITHOUT = [110, 110, 114];

const SHADES = 256;
const TABLE = new Uint8ClampedArray(SHADES * 3);
for (let shade = 0; shade < SHADES; shade++) {
  const place = (shade / (SHADES - 1)) * (DIVERGING.length - 1);
  const stop = Math.min(Math.floor(place), DIVERGING.length - 2);
  for (let c = 0; c < 3; c++) {
    TABLE[3 * shade + c] = DIVERGING[stop][c] + (place - stop) * (DIVERGING[stop + 1][c] - DIVERGING[stop][c]);
  }
}

/** The colour of a share, from red to blue. @param {number} share */
export function tint(share) {
  const at = 3 * Math.max(0, Math.min(SHADES - 1, Math.round(share * (SHADES - 1))));
  return `rgb(${TABLE.slice(at, at + 3).join()})`;
}

/**
 * Paint a map of numbers, the lowest row at the bottom; `low` is red, `high` blue.
 * @param {ImageData} image of cells × cells
 * @param {Float32Array} numbers
 * @param {number} low
 * @param {number} high
 */
export function paint(image, numbers, low, high) {
  const cells = image.width;
  const scale = (SHADES - 1) / (high - low || 1);
  for (let cell = 0; cell < cells * cells; cell++) {
    const number = numbers[cell];
    const shade = Math.max(0, Math.min(SHADES - 1, Math.round((number - low) * scale)));
    const at = 4 * ((cells - 1 - Math.floor(cell / cells)) * cells + (cell % cells));
    for (let c = 0; c < 3; c++) image.data[at + c] = Number.isNaN(number) ? WITHOUT[c] : TABLE[3 * shade + c];
    image.data[at + 3] = 255;
  }
}

/**
 * Paint the probabilities of several classes: each cell is the mix of their colours.
 * @param {ImageData} image
 * @param {Float32Array} numbers classes × cells × cells
 * @param {number} classes
 */
export function paintClasses(image, numbers, classes) {
  const cells = image.width;
  const all = cells * cells;
  for (let cell = 0; cell < all; cell++) {
    const at = 4 * ((cells - 1 - Math.floor(cell / cells)) * cells + (cell % cells));
    for (let c = 0; c < 3; c++) {
      let mixed = 0;
      for (let k = 0; k < classes; k++) mixed += numbers[k * all + cell] * PALE[k % PALE.length][c];
      image.data[at + c] = Number.isNaN(mixed) ? WITHOUT[c] : mixed;
    }
    image.data[at + 3] = 255;
  }
}

/**
 * Variants of a race: told apart by people who confuse colours, by dashes, too; each seen on light and on dark.
 * `race/room.css` has the same.
 */
export const VARIANTS = [
  { color: '#0072b2', dash: [] },
  { color: '#d55e00', dash: [7, 3] },
  { color: '#009e73', dash: [2, 2] },
  { color: '#b5508f', dash: [9, 3, 2, 3] },
  { color: '#8a6d00', dash: [4, 4] },
  { color: '#808080', dash: [12, 4] },
];
