// The hidden layers as a list above their columns: units, activation, dropout, more and fewer of them.

/** @import { Layer, Settings } from '../session/settings.js' */
import { h, translate } from './dom.js';
import { ACTIVATIONS, MOST_LAYERS, MOST_UNITS } from '../session/settings.js';
import { stepper } from './stepper.js';
import { t } from './words.js';

/** Pixels that the fields of a layer need. */
const LEAST_COLUMN = 112;

export class Layers {
  /** @type {Layer[]} */ #net = [];
  /** What the list was made of; a new one is made of another number of layers, or in another language. */
  #made = '';
  /** @type {((layer: Layer) => void)[]} */ #show = [];
  #list;
  #buttons;
  #changed;

  /**
   * @param {HTMLElement} list
   * @param {{ more: HTMLButtonElement, fewer: HTMLButtonElement }} buttons
   * @param {(change: Partial<Settings>) => void} changed
   */
  constructor(list, buttons, changed) {
    this.#list = list;
    this.#buttons = buttons;
    this.#changed = changed;
    buttons.more.addEventListener('click', () => {
      const last = this.#net.at(-1) ?? { units: 6, activation: 'tanh', dropout: 0 };
      this.#changed({ net: [...this.#net, { ...last, units: Math.max(2, last.units) }] });
    });
    new ResizeObserver(() => this.#lay()).observe(list);
    buttons.fewer.addEventListener('click', () => this.#changed({ net: this.#net.slice(0, -1) }));
  }

  /** @param {Layer[]} net @param {boolean} [isFixed] its units stay */
  show(net, isFixed = false) {
    this.#net = net;
    this.#lay();
    const made = `${document.documentElement.lang} ${net.length}`;
    if (made !== this.#made) {
      this.#made = made;
      this.#show = [];
      this.#list.replaceChildren(h('span', { class: 'end', t: 'inputs' }), ...net.map((_, at) => this.#layer(at)), h('span', { class: 'end', t: 'output' }));
      translate(this.#list);
    }
    net.forEach((layer, at) => this.#show[at](layer));
    const units = this.#list.querySelectorAll('.units :is(input, button)');
    for (const control of units) /** @type {HTMLInputElement} */ (control).disabled = isFixed;
    this.#buttons.more.disabled = isFixed || net.length >= MOST_LAYERS;
    this.#buttons.fewer.disabled = isFixed || net.length === 0;
  }

  /** Above the columns of the network where they are wide enough, otherwise as rows. */
  #lay() {
    this.#list.classList.toggle('rows', this.#list.clientWidth / (this.#net.length + 2) < LEAST_COLUMN);
  }

  /** @param {number} at @param {Partial<Layer>} change */
  #with(at, change) {
    this.#changed({ net: this.#net.map((layer, l) => (l === at ? { ...layer, ...change } : layer)) });
  }

  /** @param {number} at */
  #layer(at) {
    const name = t('layer-n', { n: at + 1 });
    const units = stepper({
      id: `units-${at}`,
      label: `${name}: ${t('units')}`,
      up: (value) => Math.min(MOST_UNITS, value + 1),
      down: (value) => Math.max(1, value - 1),
      changed: (value) => {
        const isRight = Number.isInteger(value) && value >= 1 && value <= MOST_UNITS;
        if (isRight) this.#with(at, { units: value });
        else units.show(this.#net[at].units);
      },
    });
    const dropout = stepper({
      id: `dropout-${at}`,
      label: `${name}: ${t('dropout')}`,
      ladder: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
      changed: (value) => {
        if (value >= 0 && value < 1) this.#with(at, { dropout: value });
        else dropout.show(this.#net[at].dropout);
      },
    });
    const activation = h('select', { id: `activation-${at}`, 'aria-label': `${name}: ${t('activation')}` },
      ...ACTIVATIONS.map((choice) => h('option', { value: choice, t: `activation-${choice}` })));
    activation.addEventListener('change', () => this.#with(at, { activation: activation.value }));
    this.#show[at] = (layer) => {
      units.show(layer.units);
      dropout.show(layer.dropout);
      activation.value = layer.activation;
    };
    const field = (/** @type {string} */ word, /** @type {HTMLElement} */ control) => h('div', { class: `field ${word}` }, h('span', { t: word }), control);
    return h('div', { class: 'layer', role: 'group', 'aria-label': name },
      h('strong', {}, name), field('units', units.element), field('activation', activation), field('dropout', dropout.element));
  }
}
