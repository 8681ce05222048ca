// The network drawn: each unit with its own map, each weight as a line that can be grabbed.

/** @import { Picture } from './player.js' */
import { h, svg } from './dom.js';
import { paint } from './palette.js';
import { t } from './words.js';

/** More units of a layer are not drawn. */
export const MOST_DRAWN = 16;
const HEIGHT = 380;
/** A drag of so many pixels changes a weight by 1. */
const PIXELS_PER_ONE = 60;

/** @typedef {{ layer: number, unit: number }} Place layer −1 are the inputs, the last one the output */
/** @typedef {{ path: Element, hit: Element, parameter: number, from: Place, to: Place }} Edge */

/** The name of a unit in words. @param {Picture} picture @param {Place} place */
export function nameOf({ began }, { layer, unit }) {
  if (layer < 0) return began.features[unit];
  if (layer === began.layers.length - 1) return began.layers[layer].units > 1 ? t('output-n', { n: began.targets[unit] }) : t('output');
  return t('layer-unit', { layer: layer + 1, unit: unit + 1 });
}

export class Network {
  /** @type {Picture | undefined} */ #picture;
  /** @type {Edge[]} */ #edges = [];
  /** @type {{ place: Place, button: HTMLButtonElement, canvas: HTMLCanvasElement }[]} */ #units = [];
  /** @type {Place} */ #chosen = { layer: 0, unit: 0 };
  #room;
  #on;
  #hint = h('output', { class: 'hint', hidden: true });

  /**
   * @param {HTMLElement} room
   * @param {{ chosen: (place: Place) => void, grabbed: () => void, pulled: (parameter: number, value: number) => void }} on
   */
  constructor(room, on) {
    this.#room = room;
    this.#on = on;
    room.addEventListener('keydown', (event) => this.#walk(event));
    new ResizeObserver(() => this.#picture && this.build(this.#picture)).observe(room);
  }

  /** Units and lines of a network. @param {Picture} picture */
  build(picture) {
    this.#picture = picture;
    const { layers, features } = picture.began;
    const counts = [features.length, ...layers.map((layer) => layer.units)];
    const width = this.#room.clientWidth;
    const column = width / counts.length;
    const most = Math.max(...counts.map((count) => Math.min(count, MOST_DRAWN)));
    const size = Math.max(14, Math.min(44, HEIGHT / most - 6, column * 0.6));
    const drawing = svg('svg', { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, 'aria-hidden': 'true' });
    /** @param {Place} place @returns {[number, number]} */
    const middle = ({ layer, unit }) => {
      const count = Math.min(counts[layer + 1], MOST_DRAWN);
      const gap = Math.min(HEIGHT / count, size + 22);
      return [column * (layer + 1.5), HEIGHT / 2 + (unit - (count - 1) / 2) * gap];
    };
    this.#edges = [];
    this.#units = [];
    counts.forEach((count, at) => {
      for (let unit = 0; unit < Math.min(count, MOST_DRAWN); unit++) {
        const place = { layer: at - 1, unit };
        this.#unit(place, middle(place), size);
        if (at > 0) this.#linesTo(place, counts[at - 1], middle, size);
      }
    });
    drawing.append(...this.#edges.map(({ path }) => path), ...this.#edges.map(({ hit }) => hit));
    const more = counts.flatMap((count, at) =>
      count > MOST_DRAWN ? [this.#more(count - MOST_DRAWN, column * (at + 0.5))] : []);
    this.#room.replaceChildren(drawing, ...this.#units.map(({ button }) => button), ...more, this.#hint);
    const isThere = this.#units.some(({ place }) => this.#is(place));
    if (!isThere) this.#chosen = { layer: Math.min(0, layers.length - 1), unit: 0 };
    this.#mark();
    this.draw(picture);
  }

  /** The state of now. @param {Picture} picture */
  draw(picture) {
    this.#picture = picture;
    const { parameters, unitCells, units, boundary, cells } = picture;
    for (const { path, parameter } of this.#edges) {
      const weight = parameters[parameter];
      const size = Math.abs(weight);
      path.setAttribute('stroke-width', Number.isNaN(size) ? '0' : (0.3 + (5.5 * size) / (size + 2)).toFixed(2));
      path.setAttribute('class', weight < 0 ? 'edge negative' : 'edge');
    }
    const last = picture.began.layers.length - 1;
    const starts = [0];
    picture.began.layers.forEach((layer, l) => starts.push(starts[l] + layer.units));
    for (const { place: { layer, unit }, canvas } of this.#units) {
      if (layer < 0) continue;
      const side = layer === last ? cells : unitCells;
      const from = layer === last ? boundary : units;
      if (!from) continue;
      const at = (layer === last ? unit : starts[layer] + unit) * side * side;
      if (layer === last) this.#paint(canvas, side, from.subarray(at, at + side * side), 0, 1);
      else this.#paint(canvas, side, from.subarray(at, at + side * side));
    }
  }

  /** The unit that is looked at. */
  get chosen() {
    return this.#chosen;
  }

  /** @param {HTMLCanvasElement} canvas @param {number} side @param {Float32Array} numbers @param {number} [low] @param {number} [high] */
  #paint(canvas, side, numbers, low, high) {
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const image = pen.createImageData(side, side);
    // Zero is white, whatever is largest.
    let most = 0;
    if (high === undefined) for (const number of numbers) most = Math.max(most, Math.abs(number));
    paint(image, numbers, low ?? -most, high ?? most);
    pen.putImageData(image, 0, 0);
  }

  /** @param {Place} place @param {[number, number]} middle @param {number} size */
  #unit(place, [x, y], size) {
    const picture = /** @type {Picture} */ (this.#picture);
    const canvas = h('canvas', { 'aria-hidden': 'true' });
    const button = h('button', { type: 'button', class: 'unit', tabindex: -1, 'aria-label': nameOf(picture, place) }, canvas);
    Object.assign(button.style, { left: `${x - size / 2}px`, top: `${y - size / 2}px`, width: `${size}px`, height: `${size}px` });
    button.addEventListener('click', () => this.#choose(place));
    if (place.layer < 0) {
      // A feature is its own place on the plane.
      const side = picture.unitCells;
      const own = Float32Array.from({ length: side * side }, (_, cell) => (place.unit ? Math.floor(cell / side) : cell % side));
      this.#paint(canvas, side, own, 0, side - 1);
      button.append(h('span', { class: 'name' }, picture.began.features[place.unit]));
    }
    this.#units.push({ place, button, canvas });
  }

  /** @param {Place} to @param {number} inputs @param {(place: Place) => [number, number]} middle @param {number} size */
  #linesTo(to, inputs, middle, size) {
    const { places } = /** @type {Picture} */ (this.#picture).began;
    for (let unit = 0; unit < Math.min(inputs, MOST_DRAWN); unit++) {
      const from = { layer: to.layer - 1, unit };
      const [[x1, y1], [x2, y2]] = [middle(from), middle(to)];
      const [start, end] = [x1 + size / 2, x2 - size / 2];
      const bend = (end - start) / 2;
      const d = `M${start} ${y1}C${start + bend} ${y1} ${end - bend} ${y2} ${end} ${y2}`;
      const parameter = places[to.layer][0] + to.unit * inputs + unit;
      const edge = { path: svg('path', { d, class: 'edge' }), hit: svg('path', { d, class: 'grip' }), parameter, from, to };
      this.#edges.push(edge);
      this.#grab(edge);
    }
  }

  /** @param {Edge} edge */
  #grab({ hit, path, parameter, from, to }) {
    const picture = () => /** @type {Picture} */ (this.#picture);
    /** @type {{ y: number, value: number } | null} */
    let held = null;
    const say = (/** @type {number} */ value) => {
      this.#hint.hidden = false;
      this.#hint.textContent = `${nameOf(picture(), from)} → ${nameOf(picture(), to)}: ${value.toFixed(3)}`;
    };
    hit.addEventListener('pointerenter', () => {
      path.classList.add('over');
      say(picture().parameters[parameter]);
    });
    hit.addEventListener('pointerleave', () => {
      path.classList.remove('over');
      if (!held) this.#hint.hidden = true;
    });
    hit.addEventListener('pointerdown', (event) => {
      const { pointerId, clientY } = /** @type {PointerEvent} */ (event);
      event.preventDefault();
      hit.setPointerCapture(pointerId);
      held = { y: clientY, value: picture().parameters[parameter] };
      this.#on.grabbed();
      this.#choose(to);
    });
    hit.addEventListener('pointermove', (event) => {
      if (!held) return;
      const value = held.value + (held.y - /** @type {PointerEvent} */ (event).clientY) / PIXELS_PER_ONE;
      const written = Number(value.toFixed(3));
      say(written);
      this.#on.pulled(parameter, written);
    });
    const released = () => {
      held = null;
      this.#hint.hidden = true;
    };
    hit.addEventListener('pointerup', released);
    hit.addEventListener('pointercancel', released);
  }

  /** @param {number} count @param {number} x */
  #more(count, x) {
    const said = h('span', { class: 'more' }, t('more-units', { n: count }));
    Object.assign(said.style, { left: `${x}px` });
    return said;
  }

  /** @param {Place} place */
  #is({ layer, unit }) {
    return layer === this.#chosen.layer && unit === this.#chosen.unit;
  }

  /** @param {Place} place */
  #choose(place) {
    this.#chosen = place;
    this.#mark();
    this.#on.chosen(place);
  }

  /** One of the units is reached by Tab, the others from it by arrows. */
  #mark() {
    for (const { place, button } of this.#units) {
      button.tabIndex = this.#is(place) ? 0 : -1;
      button.setAttribute('aria-pressed', String(this.#is(place)));
    }
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    /** @type {Record<string, [number, number]>} */
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    const layer = this.#chosen.layer + way[0];
    const there = this.#units.filter(({ place }) => place.layer === layer);
    const next = there[Math.max(0, Math.min(there.length - 1, this.#chosen.unit + way[1]))];
    if (!next) return;
    this.#choose(next.place);
    next.button.focus();
  }
}

