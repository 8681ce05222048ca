// The knobs beside the picture: data, training, first weights.

/** @import { Knob, Settings } from '../session/settings.js' */
import { h } from './dom.js';
import { fits } from '../session/link.js';
import { KNOBS } from '../session/settings.js';
import { sketch } from '../draw/sketches.js';
import { stepper } from './stepper.js';
import { t } from './words.js';

/** Pages of formulas that say what a knob turns. @type {Record<string, string>} */
const FORMULAS = { rule: 'optim', l2: 'penalty', l1: 'penalty', init: 'init' };

/** A number as someone would type it: a tiny one has no room for its zeros. @param {number} value */
const typed = (value) => (value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : String(value));

export class Knobs {
  /** @type {Map<string, (settings: Settings) => void>} */ #show = new Map();
  /** @type {Map<string, HTMLElement>} */ #controls = new Map();
  /** Whether a knob is there, of those that not every training has. @type {((settings: Settings) => void)[]} */ #there = [];
  #changed;

  /**
   * @param {(group: Knob['group']) => HTMLElement} roomOf
   * @param {(change: Partial<Settings>) => void} changed
   */
  constructor(roomOf, changed) {
    this.#changed = changed;
    for (const knob of KNOBS) roomOf(knob.group).append(this.#knob(knob));
  }

  /** @param {Settings} settings */
  show(settings) {
    this.#show.forEach((show) => show(settings));
    this.#there.forEach((there) => there(settings));
  }

  /** Knobs that are not allowed are seen, and cannot be turned. @param {(knob: Knob) => boolean} isAllowed */
  allow(isAllowed) {
    for (const knob of KNOBS) {
      const controls = this.#controls.get(knob.key)?.querySelectorAll('input, select, button') ?? [];
      for (const control of controls) /** @type {HTMLInputElement} */ (control).disabled = !isAllowed(knob);
    }
  }

  /** @param {Knob} knob */
  #knob(knob) {
    const element = this.#built(knob);
    this.#controls.set(knob.key, element);
    return element;
  }

  /** @param {Knob} knob */
  #built(knob) {
    const id = `knob-${knob.key}`;
    const error = h('p', { class: 'error', id: `${id}-error`, hidden: true });
    const label = h('label', { for: id, t: `knob-${knob.key}` });
    if (knob.key === 'data') return this.#dataSets(knob);
    const control = knob.choices ? this.#choice(knob, id) : this.#number(knob, id, error);
    const formula = FORMULAS[knob.key];
    const named = formula ? h('div', { class: 'named' }, label, h('a', { class: 'formula', 't-document': `maths/${formula}`, 't-label': `formula-${formula}` }, 'ƒ')) : label;
    const whole = h('div', { class: 'knob' }, named, control, error);
    const { applies } = knob;
    if (applies) this.#there.push((settings) => (whole.hidden = !applies(settings)));
    return whole;
  }

  /** The data sets as a row of pictures. @param {Knob} knob */
  #dataSets({ choices = [] }) {
    const generated = choices.filter((choice) => choice !== 'file');
    const radios = generated.map((choice) => h('input', { type: 'radio', name: 'data', value: choice, id: `data-${choice}` }));
    radios.forEach((radio) => radio.addEventListener('change', () => this.#changed({ data: radio.value })));
    this.#show.set('data', ({ data }) => radios.forEach((radio) => (radio.checked = radio.value === data)));
    const options = radios.map((radio) =>
      h('label', { class: 'set' }, radio, sketch(radio.value), h('span', { t: `data-${radio.value}` })));
    return h('div', { class: 'sets', role: 'radiogroup', 't-label': 'knob-data' }, ...options);
  }

  /** @param {Knob} knob @param {string} id */
  #choice({ key, choices = [] }, id) {
    const select = h('select', { id }, ...choices.map((choice) => h('option', { value: choice, t: `${key}-${choice}` })));
    select.addEventListener('change', () => this.#changed({ [key]: select.value }));
    this.#show.set(key, (settings) => (select.value = String(settings[key])));
    return select;
  }

  /** @param {Knob} knob @param {string} id @param {HTMLElement} error */
  #number(knob, id, error) {
    const { key, ladder, least, most, whole } = knob;
    const isAll = (/** @type {string} */ text) => key === 'batch' && text.toLowerCase() === t('all').toLowerCase();
    const { element, input, show } = stepper({
      id,
      ladder,
      write: (value) => (key === 'batch' && value === 0 ? t('all') : typed(value)),
      read: (text) => (isAll(text) ? 0 : Number(text)),
      changed: (value, text) => {
        const isRight = fits(knob, value);
        error.hidden = isRight;
        input.setAttribute('aria-invalid', String(!isRight));
        if (isRight) {
          input.removeAttribute('aria-describedby');
          this.#changed({ [key]: value });
        } else {
          input.setAttribute('aria-describedby', error.id);
          error.textContent = t(whole ? 'expected-whole' : 'expected-number', { least: least ?? 0, most: most ?? 0, got: text });
        }
      },
    });
    this.#show.set(key, (settings) => {
      if (input.getAttribute('aria-invalid') !== 'true' || document.activeElement !== input) {
        show(Number(settings[key]));
        error.hidden = true;
        input.setAttribute('aria-invalid', 'false');
      }
    });
    return element;
  }
}
