// The network: units to be chosen, lines to be grabbed, and one canvas behind them on which both are drawn.

/** @import { Picture } from '../session/player.js' */
import { h } from '../common/dom.js';
import { Grips } from './grips.js';
import { NetworkDrawing } from './network-drawing.js';
import { HEIGHT, isSame, MOST_DRAWN, planOf } from './network-plan.js';
import { t } from '../common/words.js';

/** @import { Place } from './network-plan.js' */
/** @typedef {{ unit?: Place, line?: [Place, Place] }} Source where a number comes from: a unit, or the line from one to another */

/** Names of so many inputs stand below them. */
const MOST_BELOW = 4;

/** The name of a unit in words. @param {Picture} picture @param {Place} place */
export function nameOf({ began }, { layer, unit }) {
  if (layer < 0) return began.features[unit];
  if (layer === began.layers.length - 1) return began.layers[layer].units > 1 ? t('output-n', { n: began.targets[unit] }) : t('output');
  return t('layer-unit', { layer: layer + 1, unit: unit + 1 });
}

export class Network {
  /** @type {Picture | undefined} */ #picture;
  /** @type {{ place: Place, button: HTMLButtonElement }[]} */ #units = [];
  /** @type {Place} */ #chosen = { layer: 0, unit: 0 };
  #room;
  #on;
  #isAboutOne;
  #height;
  #drawing = new NetworkDrawing();
  #grips;

  /**
   * @param {HTMLElement} room
   * @param {{ chosen: (place: Place) => void, grabbed?: () => void, pulled?: (parameter: number, value: number) => void }} on a line can be pulled where something comes of it
   * @param {{ isAboutOne?: boolean, height?: number }} [wanted] where it is about one unit, lines that lead neither to it nor from it are pale
   */
  constructor(room, on, { isAboutOne = false, height = HEIGHT } = {}) {
    this.#room = room;
    this.#on = on;
    this.#isAboutOne = isAboutOne;
    this.#height = height;
    this.#grips = new Grips({
      grabbed: (line) => {
        on.grabbed?.();
        this.#choose(line.to);
      },
      pulled: on.pulled,
      over: (line) => {
        this.#drawing.over = line;
        if (this.#picture) this.draw(this.#picture);
      },
    });
    room.addEventListener('keydown', (event) => this.#walk(event));
    new ResizeObserver(() => this.#picture && this.build(this.#picture)).observe(room);
  }

  /** The unit that is looked at. */
  get chosen() {
    return this.#chosen;
  }

  /** Units and lines of a network. @param {Picture} picture */
  build(picture) {
    this.#picture = picture;
    const width = this.#room.clientWidth;
    const plan = planOf(picture.began, width, this.#height);
    this.#units = plan.units.map(({ place, x, y }) => {
      const label = nameOf(picture, place);
      const button = h('button', { type: 'button', class: 'unit', 'aria-label': label });
      const { size } = plan;
      Object.assign(button.style, { left: `${x - size / 2}px`, top: `${y - size / 2}px`, width: `${size}px`, height: `${size}px` });
      // Below it where there is room, otherwise beside it.
      const isBeside = picture.began.features.length > MOST_BELOW;
      if (place.layer < 0) {
        const name = h('span', { class: isBeside ? 'name beside' : 'name', title: label }, label);
        if (isBeside) name.style.maxWidth = `${x - size / 2 - 4}px`;
        button.append(name);
      }
      button.addEventListener('click', () => this.#choose(place));
      return { place, button };
    });
    const more = plan.columns.flatMap(({ count, x }) => {
      if (count <= MOST_DRAWN) return [];
      const said = h('span', { class: 'more' }, t('more-units', { n: count - MOST_DRAWN }));
      Object.assign(said.style, { left: `${x}px` });
      return [said];
    });
    this.#drawing.build(plan, width, this.#height);
    const grips = this.#grips.build(plan, picture);
    this.#room.replaceChildren(this.#drawing.canvas, grips.lines, ...this.#units.map(({ button }) => button), ...more, grips.hint);
    const isThere = this.#units.some(({ place }) => this.#is(place));
    if (!isThere) this.#chosen = { layer: 0, unit: 0 };
    this.#mark();
    this.draw(picture);
  }

  /** The state of now. @param {Picture} picture */
  draw(picture) {
    this.#picture = picture;
    this.#grips.show(picture);
    this.#drawing.draw(picture);
  }

  /** Look at a unit. @param {Place} place */
  look(place) {
    this.#chosen = place;
    this.#mark();
  }

  /** Show where something comes from; without a source, nothing is shown any more. @param {Source} [source] */
  point({ unit, line } = {}) {
    for (const { place, button } of this.#units) button.classList.toggle('pointed', isSame(place, unit));
    this.#drawing.point(line);
    if (this.#picture) this.#drawing.draw(this.#picture);
  }

  /** @param {Place} place */
  #is(place) {
    return isSame(place, this.#chosen);
  }

  /** @param {Place} place */
  #choose(place) {
    this.look(place);
    this.#on.chosen(place);
  }

  /** One of the units is reached by Tab, the others from it by arrows. */
  #mark() {
    if (this.#isAboutOne) this.#drawing.about = this.#chosen;
    // A unit that is not drawn can be looked at, too.
    const reached = this.#units.find(({ place }) => this.#is(place)) ?? this.#units[0];
    for (const unit of this.#units) {
      unit.button.tabIndex = unit === reached ? 0 : -1;
      unit.button.setAttribute('aria-pressed', String(this.#is(unit.place)));
    }
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    /** @type {Record<string, [number, number]>} */
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    const layer = this.#chosen.layer + way[0];
    const there = this.#units.filter(({ place }) => place.layer === layer);
    const next = there[Math.max(0, Math.min(there.length - 1, this.#chosen.unit + way[1]))];
    if (!next) return;
    this.#choose(next.place);
    next.button.focus();
  }
}
