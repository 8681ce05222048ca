// Numbers that can be pointed at: each says in one sentence what it is, and shows where it comes from.

/** @import { Source } from '../draw/network.js' */
/** @import { Part } from '../common/math.js' */
import { h } from '../common/dom.js';
import { math } from '../common/math.js';

/**
 * @typedef {object} Told
 * @property {string} said
 * @property {Source} [source]
 */
/**
 * @typedef {object} Written
 * @property {Part[]} [symbol] above the number, where no head of a column has it
 * @property {string} name of it in plain letters, for who hears it
 * @property {string} value
 * @property {boolean} [isStruck] nobody sees this number
 */

/** @type {WeakMap<Element, Told>} */
const told = new WeakMap();

/** @param {Written & Told} term */
export function term({ symbol, name, value, isStruck, said, source }) {
  const number = h(isStruck ? 's' : 'span', { class: 'number' }, value);
  const button = h('button', { type: 'button', class: 'term', tabindex: -1, 'aria-label': `${name} = ${value}` }, ...(symbol ? [math(...symbol)] : []), number);
  told.set(button, { said, source });
  return button;
}

/** The terms of a room: one is reached by Tab, the others from it by arrows. */
export class Terms {
  #room;
  #caption;
  #point;

  /** @param {HTMLElement} room @param {HTMLElement} caption @param {(source?: Source) => void} point */
  constructor(room, caption, point) {
    this.#room = room;
    this.#caption = caption;
    this.#point = point;
    room.addEventListener('focusin', ({ target }) => this.#show(target));
    room.addEventListener('focusout', () => this.#show(null));
    room.addEventListener('pointerover', ({ target }) => this.#show(target));
    room.addEventListener('pointerleave', () => this.#show(document.activeElement));
    // Not every browser focuses a button that is clicked.
    room.addEventListener('click', ({ target }) => termOf(target)?.focus());
    room.addEventListener('keydown', (event) => this.#walk(event));
  }

  /** Other terms are there. */
  renew() {
    const first = this.#room.querySelector('.term');
    first?.setAttribute('tabindex', '0');
    this.#show(document.activeElement);
  }

  /** @param {EventTarget | null} target */
  #show(target) {
    const shown = termOf(target) ?? termOf(document.activeElement);
    const { said, source } = (shown && told.get(shown)) ?? { said: '', source: undefined };
    this.#caption.textContent = shown ? `${shown.getAttribute('aria-label')}. ${said}` : '';
    this.#caption.hidden = !shown;
    this.#point(source);
    if (!shown || shown !== document.activeElement) return;
    for (const other of this.#room.querySelectorAll('.term[tabindex="0"]')) other.setAttribute('tabindex', '-1');
    shown.tabIndex = 0;
    shown.setAttribute('aria-describedby', this.#caption.id);
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const from = termOf(event.target);
    if (!from) return;
    const all = [...this.#room.querySelectorAll('.term')].filter((term) => term instanceof HTMLElement && term.offsetParent);
    const at = all.indexOf(from);
    /** @type {Record<string, () => Element | undefined>} */
    const ways = {
      ArrowLeft: () => all[at - 1],
      ArrowRight: () => all[at + 1],
      ArrowUp: () => nearest(from, all.slice(0, at), -1),
      ArrowDown: () => nearest(from, all.slice(at + 1), 1),
    };
    const next = ways[event.key]?.();
    if (event.key in ways) event.preventDefault();
    if (next instanceof HTMLElement) next.focus();
  }
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
const termOf = (target) => (target instanceof Element ? target.closest('.term') : null);

/** The term in the line above or below that is nearest to the middle of this one. @param {Element} from @param {Element[]} others @param {1 | -1} way */
function nearest(from, others, way) {
  const middle = (/** @type {DOMRect} */ { left, width }) => left + width / 2;
  const own = from.getBoundingClientRect();
  const apart = (/** @type {Element} */ other) => {
    const box = other.getBoundingClientRect();
    return 4 * way * (box.top - own.top) + Math.abs(middle(box) - middle(own));
  };
  const beyond = others.filter((other) => {
    const box = other.getBoundingClientRect();
    return way > 0 ? box.top >= own.bottom - 2 : box.bottom <= own.top + 2;
  });
  return beyond.sort((a, b) => apart(a) - apart(b))[0];
}
