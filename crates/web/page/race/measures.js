// All variants in one pair of plots and one table.

/** @import { At } from '../session/protocol.d.ts' */
/** @import { Lane } from './lane.js' */
import { byId, h } from '../common/dom.js';
import { percent, short, t, written } from '../common/words.js';
import { VARIANTS } from '../draw/palette.js';
import { columnOf, Plots } from '../draw/plots.js';
import uPlot from '../vendor/uplot/uPlot.esm.js';

export class Measures {
  #plots;
  #which = byId('curves-of', HTMLSelectElement);
  #rows = byId('numbers', HTMLElement);
  /** @type {Lane[]} */ #lanes = [];
  #fork = 0;

  /** @param {(step: number) => void} seek */
  constructor(seek) {
    this.#plots = new Plots({ loss: byId('loss-curve', HTMLElement), accuracy: byId('accuracy-curve', HTMLElement) }, seek, { isLogarithmic: true, height: 210 });
    this.#which.addEventListener('change', () => this.curves());
  }

  /** These run from now on. @param {Lane[]} lanes @param {number} fork */
  run(lanes, fork) {
    this.#lanes = lanes;
    this.#fork = fork;
    this.restyle();
    this.#rows.replaceChildren(...lanes.map(({ letter, name }, place) =>
      h('tr', { class: `variant-${place}` },
        h('th', { scope: 'row' }, h('span', { class: 'letter' }, letter), ' ', h('span', { class: 'variant-name' }, name)),
        ...Array.from({ length: 5 }, () => h('td', {})))));
    this.draw();
  }

  /** In the colours of now. */
  restyle() {
    this.#plots.restyle(this.#lanes.map(({ letter }, place) => ({ ...VARIANTS[place], label: letter })));
    this.curves();
  }

  curves() {
    const pictures = this.#lanes.map(({ player }) => player.picture);
    const step = Math.max(0, ...pictures.map((picture) => picture?.at.step ?? 0));
    const isHeldOut = this.#which.value === 'held-out';
    const along = (/** @type {number} */ place) =>
      uPlot.join(pictures.map((picture) => {
        const curve = picture?.curve ?? new Float32Array();
        return /** @type {uPlot.AlignedData} */ ([columnOf(curve, 0), columnOf(curve, place)]);
      }));
    if (pictures.length) this.#plots.show(along(isHeldOut ? 3 : 1), along(isHeldOut ? 4 : 2), step, this.#fork);
  }

  draw() {
    byId('accuracy-part', HTMLElement).hidden = this.#lanes.some(({ player: { picture } }) => picture && !picture.began.is_classification);
    this.#lanes.forEach(({ player: { picture } }, row) => {
      if (!picture) return;
      [...this.#rows.children[row].querySelectorAll('td')].forEach((cell, at) => (cell.textContent = CELLS[at](picture.at)));
    });
  }
}

const loss = (/** @type {number | null} */ value) => (value === null ? t('no-number') : short(value));
const share = (/** @type {number | null} */ value) => (value === null ? '–' : percent(value));
/** @type {((at: At) => string)[]} */
const CELLS = [
  (at) => loss(at.loss),
  (at) => share(at.accuracy),
  (at) => loss(at.held_out_loss),
  (at) => share(at.held_out_accuracy),
  (at) => [written(at.epoch), at.ended && t(`brief-${at.ended.because}`)].filter(Boolean).join(', '),
];
