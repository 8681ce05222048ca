// The mistakes that have a place in this network, layer by layer and matrix by matrix: switches, or answers to choose from.

/** @import { GradientCheck } from '../session/protocol.d.ts' */
import { h } from '../common/dom.js';
import { t } from '../common/words.js';
import { nameOf } from './check.js';

/** @typedef {GradientCheck['bugs'][number]} Plantable */

export class Mistakes {
  /** What the list was made of; a new one is made of others, or in another language. */
  #made = '';
  /** @type {Plantable[]} */ #bugs = [];
  /** One is to be named. */
  #isHidden = false;
  #list;
  #on;

  /** @param {HTMLFormElement} list @param {{ planted: (bugs: Plantable[]) => void, named: (bug: Plantable) => void, given: () => void }} on */
  constructor(list, on) {
    this.#list = list;
    this.#on = on;
    list.addEventListener('submit', (event) => {
      event.preventDefault();
      const [named] = this.#chosen();
      if (named) on.named(named);
    });
    list.addEventListener('change', () => !this.#isHidden && on.planted(this.#chosen()));
  }

  /** @param {Plantable[]} bugs @param {number} layers @param {Set<string>} planted by their names @param {boolean} isHidden one is to be named */
  show(bugs, layers, planted, isHidden) {
    this.#bugs = bugs;
    this.#isHidden = isHidden;
    const made = JSON.stringify([document.documentElement.lang, isHidden, bugs]);
    if (made !== this.#made) {
      this.#made = made;
      this.#list.replaceChildren(...this.#layers(layers), ...(isHidden ? [this.#answer()] : []));
    }
    if (isHidden) return;
    for (const input of this.#inputs()) {
      input.checked = planted.has(input.value);
      if (input.checked) input.closest('details')?.setAttribute('open', '');
    }
  }

  /** @param {number} count */
  #layers(count) {
    const isWide = matchMedia('(min-width: 64.01rem)').matches;
    return Array.from({ length: count }, (_, at) => at + 1).map((layer) => {
      const own = this.#bugs.filter((bug) => bug.layer === layer);
      const places = [...new Set(own.map(({ place }) => place))].sort();
      const title = layer === count ? t('output') : t('layer-n', { n: layer });
      const groups = places.map((place) =>
        h('fieldset', {}, h('legend', {}, place), ...own.filter((bug) => bug.place === place).map((bug) => this.#line(bug))));
      return h('details', { open: isWide }, h('summary', {}, t('mistakes-of', { layer: title, n: own.length })), ...groups);
    });
  }

  /** @param {Plantable} bug */
  #line(bug) {
    const input = h('input', { type: this.#isHidden ? 'radio' : 'checkbox', name: 'mistake', value: nameOf(bug) });
    return h('label', { class: 'mistake' }, input, h('span', {}, bug.words));
  }

  #answer() {
    const give = h('button', { type: 'button' }, t('give-up'));
    give.addEventListener('click', () => this.#on.given());
    return h('div', { class: 'buttons answer' }, h('button', { type: 'submit', class: 'primary' }, t('name-it')), give);
  }

  #inputs() {
    return [...this.#list.querySelectorAll('input')];
  }

  #chosen() {
    const names = new Set(this.#inputs().filter((input) => input.checked).map((input) => input.value));
    return this.#bugs.filter((bug) => names.has(nameOf(bug)));
  }
}
