// The weights of each layer as small bars: how far they spread, and whether they grow, shrink or stay.

/** @import { Began } from '../session/protocol.d.ts' */
/** @import { Picture } from '../session/player.js' */
import { color, h } from '../common/dom.js';
import { plain } from '../common/numbers.js';
import { t, written } from '../common/words.js';

const BARS = 31;
const HEIGHT = 46;
/** Of more weights than these, every second, or third, … is counted. */
const MOST_COUNTED = 20000;

/** @typedef {{ counts: number[], least: number, most: number, deviation: number }} Histogram */

/** The first weight of a layer, and how many there are. @param {Began} began @param {number} layer */
export function weightsOf({ places, features, layers }, layer) {
  const inputs = layer === 0 ? features.length : layers[layer - 1].units;
  return { first: places[layer][0], count: inputs * layers[layer].units };
}

/**
 * Weights in bars of the same width from −reach to reach.
 * @param {Float32Array} weights
 * @param {number} reach
 * @returns {Histogram}
 */
export function histogram(weights, reach) {
  const counts = Array.from({ length: BARS }, () => 0);
  let [least, most, sum, squares] = [Infinity, -Infinity, 0, 0];
  const every = Math.max(1, Math.ceil(weights.length / MOST_COUNTED));
  let count = 0;
  for (let at = 0; at < weights.length; at += every) {
    const weight = weights[at];
    if (!Number.isFinite(weight)) continue;
    counts[Math.max(0, Math.min(BARS - 1, Math.floor(((weight / reach + 1) / 2) * BARS)))]++;
    [least, most] = [Math.min(least, weight), Math.max(most, weight)];
    [sum, squares, count] = [sum + weight, squares + weight * weight, count + 1];
  }
  const mean = sum / count;
  return { counts, least, most, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

export class Histograms {
  /** @type {Picture | undefined} */ #picture;
  /** @type {{ name: HTMLElement, canvas: HTMLCanvasElement, ends: HTMLElement[] }[]} */ #rows = [];
  #room;
  #list = h('div', { class: 'bars' });

  /** @param {HTMLDetailsElement} room folded, it costs nothing */
  constructor(room) {
    this.#room = room;
    room.append(h('p', { class: 'soft', t: 'histograms-said' }), this.#list);
    room.addEventListener('toggle', () => this.#picture && this.draw(this.#picture));
    new ResizeObserver(() => this.#picture && this.draw(this.#picture)).observe(this.#list);
  }

  /** The layers of a network. @param {Picture} picture */
  build({ began: { layers } }) {
    this.#rows = layers.map(() => {
      const name = h('span', { class: 'soft' });
      return { name, canvas: h('canvas', { role: 'img' }), ends: [h('span'), h('span'), h('span')] };
    });
    this.#list.replaceChildren(...this.#rows.map(({ name, canvas, ends }) => h('div', {}, name, canvas, h('p', { class: 'soft ends' }, ...ends))));
  }

  /** @param {Picture} picture */
  draw(picture) {
    this.#picture = picture;
    if (!this.#room.open || picture.parameters.length === 0) return;
    const { began, parameters } = picture;
    const weights = this.#rows.map((_, layer) => {
      const { first, count } = weightsOf(began, layer);
      return parameters.subarray(first, first + count);
    });
    // One axis for all layers, so that they can be compared.
    let reach = 0;
    for (const layer of weights) for (const weight of layer) if (Number.isFinite(weight)) reach = Math.max(reach, Math.abs(weight));
    reach ||= 1;
    const said = [-reach, 0, reach].map((end) => plain(end, 2));
    weights.forEach((layer, at) => {
      this.#layer(at, layer, histogram(layer, reach));
      this.#rows[at].ends.forEach((end, place) => (end.textContent = said[place]));
    });
  }

  /** @param {number} at @param {Float32Array} weights @param {Histogram} found */
  #layer(at, weights, { counts, least, most, deviation }) {
    const { name, canvas } = this.#rows[at];
    const layer = at === this.#rows.length - 1 ? t('output') : t('layer-n', { n: at + 1 });
    const isKnown = least <= most;
    name.textContent = t('histogram-of', { layer, n: written(weights.length), deviation: isKnown ? plain(deviation, 2) : '–' });
    canvas.setAttribute('aria-label', isKnown ? t('histogram-named', { layer, least: plain(least, 3), most: plain(most, 3), deviation: plain(deviation, 3) }) : name.textContent);
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const width = canvas.clientWidth;
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(HEIGHT * ratio)];
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const [highest, bar] = [Math.max(1, ...counts), width / BARS];
    counts.forEach((count, place) => {
      // A single weight is seen, too.
      const height = count ? Math.max(2, (count / highest) * (HEIGHT - 2)) : 0;
      pen.fillStyle = color(2 * place + 1 === BARS ? 'soft' : 2 * place < BARS ? 'negative' : 'positive');
      pen.fillRect(place * bar + 0.5, HEIGHT - 1 - height, bar - 1, height);
    });
    pen.fillStyle = color('edge');
    pen.fillRect(0, HEIGHT - 1, width, 1);
  }
}
