// A room that looks at one training: that of the address, at its step. It steps, and the address follows.

/** @import { Reply, View } from './protocol.d.ts' */
/** @import { Picture } from './player.js' */
import { byId } from '../common/dom.js';
import { t, written } from '../common/words.js';
import { courseOf, fragmentOf, LinkError, partsOfRooms } from './link.js';
import { newSession } from './open.js';
import { Player, Refusal } from './player.js';
import { EngineError } from './session.js';
import { settingsAt } from './settings.js';

/** The address is written so many milliseconds after the last change. */
const REST = 300;
/** Somebody who waits so many milliseconds is told what for. */
const SLOW = 700;

/**
 * @typedef {object} Visitor
 * @property {string} example the fragment of the training that the room shows where the address has none
 * @property {(parts: Map<string, string>) => void} asked what the address says of the room itself
 * @property {(picture: Picture) => void} began
 * @property {(picture: Picture) => void} drawn
 * @property {() => string} own what the room adds to the address: `&unit=1.2`
 */

export class Visit {
  player;
  #visitor;
  #notice = byId('notice', HTMLElement);
  /** @type {number | undefined} */ #rest;

  /** @param {Visitor} visitor */
  constructor(visitor) {
    this.#visitor = visitor;
    this.player = new Player(newSession(), {
      began: visitor.began,
      drawn: (picture) => {
        visitor.drawn(picture);
        this.keep();
      },
      played: () => {},
      failed: (error) => this.#failed(error),
    });
    window.addEventListener('hashchange', () => this.open(location.hash));
  }

  /** The settings of now. */
  get settings() {
    const { course, picture } = this.player;
    return course && picture ? settingsAt(course, picture.at.step) : undefined;
  }

  /** The training at its step, as a link says it. */
  get fragment() {
    const { course, picture } = this.player;
    return course && picture ? fragmentOf(course, picture.at.step) : '';
  }

  /** What a fragment says; where it says nothing, the example of the room. @param {string} fragment */
  async open(fragment) {
    this.notice();
    let sentence = '';
    let asked = courseOf(this.#visitor.example);
    let parts = partsOfRooms(this.#visitor.example);
    try {
      const found = courseOf(fragment);
      if (found) [asked, parts] = [found, partsOfRooms(fragment)];
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      sentence = t(error.words, { part: error.part, got: error.got });
    }
    const { course, step } = /** @type {NonNullable<typeof asked>} */ (asked);
    this.#visitor.asked(parts);
    const waits = setTimeout(() => this.notice(t('opening', { step: written(step) })), SLOW);
    await this.player.begin(course, step);
    clearTimeout(waits);
    if (this.player.course === course) {
      this.notice(sentence, true);
    } else if (!this.player.course && fragment !== this.#visitor.example) {
      const refused = this.#notice.textContent ?? '';
      await this.open(this.#visitor.example);
      this.notice(refused, true);
    }
  }

  /** What else is to be seen at this instant. @param {View[]} views @returns {Promise<Reply | undefined>} */
  look(views) {
    return this.player.look(views);
  }

  /** The address follows what is shown. */
  keep() {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      history.replaceState(null, '', `${location.pathname}${location.search}${this.fragment}${this.#visitor.own()}`);
    }, REST);
  }

  /** One sentence; none takes the last one away. @param {string} [sentence] @param {boolean} [isBad] */
  notice(sentence = '', isBad = false) {
    this.#notice.textContent = sentence;
    this.#notice.hidden = sentence === '';
    this.#notice.classList.toggle('bad', isBad);
  }

  /** @param {unknown} error */
  #failed(error) {
    if (error instanceof EngineError) this.notice(t(error.kind), true);
    else if (error instanceof Refusal) this.notice(t('refused', { message: error.message }), true);
    else throw error;
  }
}
