// The list of what may be wrong, and the answers.

/** @import { Difficulty } from '../session/protocol.d.ts' */
import { byId, h, translate } from '../common/dom.js';
import { t } from '../common/words.js';

/** What a healthy one is called in the list. */
export const HEALTHY = 'healthy';

export class Naming {
  #choices = byId('choices', HTMLFieldSetElement);
  #said = byId('naming-said', HTMLElement);
  #heard = byId('named', HTMLElement);
  #meant = byId('meant', HTMLElement);
  #buttons = [byId('answer', HTMLButtonElement), byId('tell-me', HTMLButtonElement)];
  /** @type {string[]} */ #names = [];
  /** Says again what was heard, in the language of now. @type {() => string} */ #last = () => '';

  /** @param {{ answered: (names: string[]) => void, gaveUp: () => void }} on */
  constructor(on) {
    this.#buttons[0].addEventListener('click', () => {
      const names = this.#boxes().filter((box) => box.checked).map((box) => box.value);
      if (names.length) on.answered(names);
      else this.say(() => t('choose-one'));
    });
    this.#buttons[1].addEventListener('click', on.gaveUp);
    this.#choices.addEventListener('change', ({ target }) => this.#exclude(/** @type {HTMLInputElement} */ (target)));
  }

  /** Another patient. @param {string[]} names @param {Difficulty} difficulty */
  begin(names, difficulty) {
    this.#names = [HEALTHY, ...names];
    this.#choices.replaceChildren(...this.#names.map((name) => this.#choice(name)));
    this.#meant.textContent = '';
    this.#choices.disabled = false;
    this.#buttons.forEach((button) => (button.disabled = false));
    this.#said.dataset.t = `naming-${difficulty}`;
    translate(this.#choices);
    this.say(() => '');
    this.spoke();
  }

  /** One of the list: its name is seen, and what it means where a hand, the focus or an ear is. @param {string} name */
  #choice(name) {
    const [box, means] = [h('input', { type: 'checkbox', value: name }), `fault-${name}-said`];
    const label = h('label', { class: 'choice' }, box, h('span', { t: `fault-${name}` }), ' ', h('span', { class: 'unseen', t: means }));
    const tell = () => {
      this.#meant.dataset.t = means;
      this.#meant.textContent = t(means);
    };
    label.addEventListener('pointerenter', tell);
    box.addEventListener('focus', tell);
    return label;
  }

  /** The answer is known: what was wrong is marked. @param {string[]} faults */
  end(faults) {
    this.#choices.disabled = true;
    this.#buttons.forEach((button) => (button.disabled = true));
    const right = faults.length ? faults : [HEALTHY];
    this.#boxes().forEach((box) => box.closest('label')?.classList.toggle('right', right.includes(box.value)));
  }

  /** @param {() => string} said */
  say(said) {
    this.#last = said;
    this.#heard.textContent = said();
  }

  spoke() {
    if (this.#said.dataset.t) this.#said.textContent = t(this.#said.dataset.t);
    this.#heard.textContent = this.#last();
  }

  #boxes() {
    return [...this.#choices.querySelectorAll('input')];
  }

  /** Who is healthy has no faults. @param {HTMLInputElement} changed */
  #exclude(changed) {
    if (!changed.checked) return;
    for (const box of this.#boxes()) if ((changed.value === HEALTHY) !== (box.value === HEALTHY)) box.checked = false;
  }
}
