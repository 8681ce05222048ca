// The map under a hand: a rectangle that is dragged, a cell that is clicked, and the same by the keyboard.

/** @import { Box, MapDrawing } from './map.js' */

/** A pointer that moves less than so many pixels clicks. */
const STILL = 5;
/** Cells that an arrow key goes with Shift. */
const FAR = 4;
/** The keys + and − show a part of this size, or the whole of which it is this part. */
const ZOOM = 0.5;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {MapDrawing} map
 * @param {() => number} cellsOf cells along a side
 * @param {{ pointed: () => void, chosen: () => void, zoomed: (box: Box) => void, back: () => void }} on
 */
export function hands(canvas, map, cellsOf, on) {
  /** @type {[number, number] | null} */
  let from = null;

  /** A place as shares of the map. @param {PointerEvent} event @returns {[number, number]} */
  const placeOf = ({ offsetX, offsetY }) => {
    const { x, y, side } = map.field;
    const within = (/** @type {number} */ share) => Math.max(0, Math.min(1, share));
    return [within((offsetX - x) / side), within(1 - (offsetY - y) / side)];
  };
  /** @param {[number, number]} place */
  const pointAt = ([across, up]) => {
    const cells = cellsOf();
    const cell = (/** @type {number} */ share) => Math.min(cells - 1, Math.floor(share * cells));
    map.cursor = { across: cell(across), up: cell(up) };
    map.due();
    on.pointed();
  };
  const end = () => {
    from = null;
    map.box = null;
    map.due();
  };

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    from = placeOf(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    const to = placeOf(event);
    if (from) {
      const { side } = map.field;
      const isFar = Math.min(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])) * side > STILL;
      map.box = isFar ? [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])] : null;
    }
    pointAt(to);
  });
  canvas.addEventListener('pointerup', (event) => {
    if (!from) return;
    const { box } = map;
    end();
    if (box) {
      on.zoomed(box);
    } else {
      pointAt(placeOf(event));
      on.chosen();
    }
  });
  canvas.addEventListener('pointercancel', end);
  for (const event of ['focus', 'blur']) canvas.addEventListener(event, () => map.due());

  canvas.addEventListener('keydown', (event) => {
    const cells = cellsOf();
    const cursor = (map.cursor ??= { across: cells / 2, up: cells / 2 });
    const step = event.shiftKey ? FAR : 1;
    /** @type {Record<string, [number, number]>} */
    const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    const way = ways[event.key];
    if (way) {
      const within = (/** @type {number} */ at) => Math.max(0, Math.min(cells - 1, at));
      map.cursor = { across: within(cursor.across + way[0]), up: within(cursor.up + way[1]) };
      map.due();
      on.pointed();
    } else if (event.key === '+' || event.key === '=') on.zoomed(around(map, cells, ZOOM));
    else if (event.key === '-' || event.key === '_') on.zoomed(around(map, cells, 1 / ZOOM));
    else if (event.key === 'Enter' || event.key === ' ') on.chosen();
    else if (event.key === 'Escape' && from) end();
    else if (event.key === 'Escape' || event.key === 'Backspace') on.back();
    else return;
    event.preventDefault();
  });
}

/** A part around the cell of the cursor, or the middle. @param {MapDrawing} map @param {number} cells @param {number} size @returns {Box} */
export function around({ cursor }, cells, size = ZOOM) {
  const place = (/** @type {number | undefined} */ at) => (at === undefined ? 0.5 : (at + 0.5) / cells);
  const [across, up] = [place(cursor?.across), place(cursor?.up)];
  return [across - size / 2, up - size / 2, across + size / 2, up + size / 2];
}
