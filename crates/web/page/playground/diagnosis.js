// The diagnosis of the training as it stands, below its state, with buttons that take the advice.

/** @import { Advised, Diagnosed } from '../session/protocol.d.ts' */
/** @import { Player } from '../session/player.js' */
/** @import { Settings } from '../session/settings.js' */
import { byId, translate } from '../common/dom.js';
import { findingsOf } from '../draw/findings.js';
import { changeOf } from '../session/recipes.js';
import { eventOf } from '../session/session.js';

/** Milliseconds between two looks while it plays. */
const EVERY = 500;

export class Diagnosis {
  #player;
  #changed;
  #room = byId('diagnosis', HTMLElement);
  #title = byId('diagnosis-title', HTMLElement);
  #last = -Infinity;
  #isAsking = false;
  #isStale = false;
  /** What is shown, as text: the same twice is not shown again, so that nobody loses the place. */
  #shown = '';

  /** @param {Player} player @param {(change: Partial<Settings>) => void} changed */
  constructor(player, changed) {
    this.#player = player;
    this.#changed = changed;
  }

  /** Another picture is there. */
  async drawn() {
    const { playing } = this.#player;
    // Nobody listens to what changes twice a second.
    this.#room.setAttribute('aria-live', playing ? 'off' : 'polite');
    this.#isStale = true;
    if (this.#isAsking || (playing && performance.now() - this.#last < EVERY)) return;
    this.#isAsking = true;
    this.#isStale = false;
    this.#last = performance.now();
    const language = document.documentElement.lang === 'zh' ? 'zh' : 'en';
    const reply = await this.#player.ask({ do: 'look', views: [{ view: 'diagnosis', language }] });
    const diagnosed = reply && eventOf(reply, 'diagnosis');
    this.#isAsking = false;
    if (diagnosed) this.#show(diagnosed);
    // What came meanwhile, when it has come to rest.
    if (this.#isStale && !this.#player.playing) this.drawn();
  }

  /** @param {Diagnosed} diagnosed */
  #show(diagnosed) {
    const text = document.documentElement.lang + JSON.stringify(diagnosed);
    if (text === this.#shown) return;
    this.#shown = text;
    const hadFocus = this.#room.contains(document.activeElement);
    const isOpen = this.#room.querySelector('details')?.open ?? false;
    this.#room.replaceChildren(...findingsOf(diagnosed, { act: (advised) => this.#act(advised) }));
    const details = this.#room.querySelector('details');
    if (details) details.open = isOpen;
    translate(this.#room);
    if (hadFocus) this.#title.focus();
  }

  /** @param {Advised} advised */
  #act({ recipe, finds_rate: findsRate }) {
    if (findsRate) return () => this.#findRate();
    const change = recipe && changeOf(recipe);
    return change ? () => this.#changed(change) : null;
  }

  async #findRate() {
    const reply = await this.#player.ask({ do: 'find-rate' });
    const found = reply && eventOf(reply, 'rate');
    if (found) this.#changed({ rate: found.rate });
  }
}
