// One variant of a race: its training in a session of its own, its map, and what can be done with it.

/** @import { Picture } from '../session/player.js' */
import { h } from '../common/dom.js';
import { percent, short, t, written } from '../common/words.js';
import { Boundary } from '../draw/boundary.js';
import { planeSaid } from '../draw/legend.js';
import { fragmentOf } from '../session/link.js';
import { newSession } from '../session/open.js';
import { PLANE, Player } from '../session/player.js';

/**
 * @typedef {object} Hands what a lane asks of its race
 * @property {(lane: Lane) => void} change
 * @property {(lane: Lane) => void} copy
 * @property {(lane: Lane) => void} remove
 * @property {(lane: Lane, error: unknown) => void} failed
 */

export class Lane {
  player;
  element;
  /** Its letter, and what tells it from the others. */
  letter = '';
  name = '';
  #session = newSession();
  #letter = h('span', { class: 'letter' });
  #name = h('span', {});
  #canvas = h('canvas', { role: 'img', 'aria-label': '' });
  #none = h('p', { class: 'note', hidden: true });
  #said = h('p', { class: 'soft lane-said' });
  #boundary = new Boundary(this.#canvas);
  #watch = new ResizeObserver(() => this.draw());
  #buttons;
  #open = h('a', { class: 'button', t: 'lane-open' });

  /** @param {Hands} hands */
  constructor(hands) {
    this.player = new Player(this.#session, {
      began: (picture) => this.#began(picture),
      drawn: () => this.draw(),
      played: () => {},
      failed: (error) => hands.failed(this, error),
    }, PLANE);
    this.#buttons = {
      change: h('button', { type: 'button', t: 'lane-change' }),
      copy: h('button', { type: 'button', t: 'lane-copy' }),
      remove: h('button', { type: 'button', t: 'lane-remove' }),
    };
    this.#buttons.change.addEventListener('click', () => hands.change(this));
    this.#buttons.copy.addEventListener('click', () => hands.copy(this));
    this.#buttons.remove.addEventListener('click', () => hands.remove(this));
    this.element = h('li', { class: 'panel lane' },
      h('h3', {}, this.#letter, ' ', this.#name), this.#canvas, this.#none, this.#said,
      h('div', { class: 'buttons' }, ...Object.values(this.#buttons), this.#open));
    this.#watch.observe(this.#canvas);
  }

  /** @param {number} place @param {string} name @param {{ isChosen: boolean, canCopy: boolean, canRemove: boolean }} can */
  call(place, name, { isChosen, canCopy, canRemove }) {
    this.letter = String.fromCharCode(65 + place);
    this.name = name;
    this.element.className = `panel lane variant-${place}`;
    this.#letter.textContent = this.letter;
    this.#name.textContent = name;
    const { change, copy, remove } = this.#buttons;
    copy.disabled = !canCopy;
    remove.disabled = !canRemove;
    change.setAttribute('aria-pressed', String(isChosen));
    for (const [word, button] of Object.entries(this.#buttons)) button.setAttribute('aria-label', `${t(`lane-${word}`)}: ${this.letter}`);
    this.#open.setAttribute('aria-label', `${t('lane-open-label')}: ${this.letter}`);
    const { picture } = this.player;
    if (picture) this.#began(picture);
    this.draw();
  }

  /** The training alone is there, with the commands that repeat it. */
  refer() {
    const { course, picture } = this.player;
    if (course && picture) this.#open.href = `./${location.search}${fragmentOf(course, picture.at.step)}`;
  }

  /** @param {Picture} picture */
  #began(picture) {
    const { plane, features } = picture.began;
    this.#canvas.hidden = plane === null;
    this.#none.hidden = plane !== null;
    this.#none.textContent = plane === null ? t('no-plane', { n: written(features.length) }) : '';
    this.#canvas.setAttribute('aria-label', plane === null ? '' : planeSaid(picture));
  }

  draw() {
    const { picture } = this.player;
    if (!picture) return;
    this.#boundary.draw(picture);
    this.#said.textContent = saidOf(picture);
  }

  close() {
    this.#watch.disconnect();
    this.#session.close();
    this.element.remove();
  }
}

/** Why it ended, or how good it is now. @param {Picture} picture */
function saidOf({ at }) {
  const ended = at.ended && t(`lane-${at.ended.because}`, { step: at.step });
  const [share, loss] = [at.held_out_accuracy ?? at.accuracy, at.held_out_loss ?? at.loss];
  const good = share !== null ? t('lane-right', { share: percent(share) }) : loss !== null ? t('lane-loss', { loss: short(loss) }) : '';
  return [good, ended].filter(Boolean).join(' ');
}
