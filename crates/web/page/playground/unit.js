// One unit in numbers: its bias and the weights that come in, to be read and set.

/** @import { Picture } from '../session/player.js' */
/** @import { Place } from '../draw/network-plan.js' */
import { h } from '../common/dom.js';
import { MOST_DRAWN } from '../draw/network-plan.js';
import { nameOf } from '../draw/network.js';
import { stepper } from '../common/stepper.js';
import { t } from '../common/words.js';

/** The buttons change a weight by so much. */
const STEP = 0.1;

export class Unit {
  /** @type {{ parameter: number, show: (value: number) => void, input: HTMLInputElement }[]} */ #rows = [];
  #room;
  #set;
  #fragment;

  /** @param {HTMLElement} room @param {(parameter: number, value: number) => void} set @param {() => string} fragment of the training at its step */
  constructor(room, set, fragment) {
    this.#room = room;
    this.#set = set;
    this.#fragment = fragment;
  }

  /** @param {Picture} picture @param {Place} place */
  build(picture, place) {
    this.#rows = [];
    const { layers, features, places } = picture.began;
    const title = h('h3', {}, nameOf(picture, place));
    if (place.layer < 0) {
      this.#room.replaceChildren(title, h('p', { class: 'soft' }, t('input-said')));
      return;
    }
    const inputs = place.layer === 0 ? features.length : layers[place.layer - 1].units;
    const [weights, biases] = places[place.layer];
    const rows = [this.#row(t('bias'), biases + place.unit)];
    for (let unit = 0; unit < Math.min(inputs, MOST_DRAWN); unit++) {
      const from = nameOf(picture, { layer: place.layer - 1, unit });
      rows.push(this.#row(t('weight-of', { from }), weights + place.unit * inputs + unit));
    }
    const open = h('a', { class: 'button', href: 'unit.html' }, t('open-unit'));
    // The training goes along, as it is when the link is followed.
    const carry = () => (open.hash = `${this.#fragment()}&unit=${place.layer + 1}.${place.unit + 1}`);
    for (const event of ['pointerdown', 'focus', 'pointerenter']) open.addEventListener(event, carry);
    this.#room.replaceChildren(h('div', { class: 'head' }, title, open), h('div', { class: 'weights' }, ...rows));
    this.draw(picture);
  }

  /** @param {Picture} picture */
  draw({ parameters }) {
    for (const { parameter, show, input } of this.#rows) {
      if (document.activeElement !== input) show(Number(parameters[parameter].toFixed(4)));
    }
  }

  /** @param {string} name @param {number} parameter */
  #row(name, parameter) {
    const id = `parameter-${parameter}`;
    const { element, input, show } = stepper({
      id,
      up: (value) => Number((value + STEP).toFixed(4)),
      down: (value) => Number((value - STEP).toFixed(4)),
      changed: (value) => {
        if (!Number.isFinite(value)) return;
        show(value);
        this.#set(parameter, value);
      },
    });
    this.#rows.push({ parameter, show, input });
    return h('div', { class: 'knob' }, h('label', { for: id }, name), element);
  }
}
