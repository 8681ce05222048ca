// The knobs of one variant, or of all.

/** @import { Settings } from '../session/settings.js' */
import { byId, h } from '../common/dom.js';
import { Knobs } from '../common/knobs.js';
import { Layers } from '../common/layers.js';
import { t } from '../common/words.js';
import { here } from '../session/race.js';
/** @import { Race } from '../session/race.js' */

/** Whose knobs are turned: the place of a variant, or all. @typedef {number | 'all'} Chosen */

export class Editor {
  #tabs = byId('chosen', HTMLElement);
  #fixed = byId('fixed', HTMLElement);
  #knobs;
  #layers;
  #choose;

  /** @param {(change: Partial<Settings>) => void} changed @param {(chosen: Chosen) => void} choose */
  constructor(changed, choose) {
    this.#choose = choose;
    this.#knobs = new Knobs((group) => byId(`knobs-${group}`, HTMLElement), changed);
    this.#layers = new Layers(byId('layers', HTMLElement), { more: byId('more-layers', HTMLButtonElement), fewer: byId('fewer-layers', HTMLButtonElement) }, changed);
  }

  /** To the one whose knobs are shown. */
  focus() {
    /** @type {HTMLElement | null} */ (this.#tabs.querySelector('[aria-pressed="true"]'))?.focus();
  }

  /** @param {Race} race @param {Chosen} chosen */
  show(race, chosen) {
    const isFork = race.fork > 0;
    // In a fork the past is behind: only its futures can be changed.
    /** @type {Chosen[]} */
    const choices = [...(isFork ? [] : /** @type {Chosen[]} */ (['all'])), ...race.variants.keys()];
    const focused = [...this.#tabs.children].findIndex((tab) => tab === document.activeElement);
    this.#tabs.replaceChildren(...choices.map((choice) => {
      const name = choice === 'all' ? t('all-variants') : String.fromCharCode(65 + choice);
      const tab = h('button', { type: 'button', class: choice === 'all' ? '' : `variant-${choice}`, 'aria-pressed': String(choice === chosen) },
        choice === 'all' ? name : h('span', { class: 'letter' }, name));
      tab.addEventListener('click', () => this.#choose(choice));
      return tab;
    }));
    if (focused >= 0) /** @type {HTMLElement | undefined} */ (this.#tabs.children[focused])?.focus();
    const settings = chosen === 'all' ? here(race) : race.variants[chosen];
    this.#knobs.show(settings);
    this.#layers.show(settings.net, isFork);
    this.#knobs.allow((knob) => !isFork || Boolean(knob.onTheWay));
    this.#fixed.hidden = !isFork;
  }
}
