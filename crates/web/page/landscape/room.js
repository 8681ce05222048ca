// The map that the address asks for, and what a person does with it.

/** @import { Course } from '../session/settings.js' */
/** @import { Asked } from './asked.js' */
/** @import { Axis, Range } from './axes.js' */
/** @import { Box } from './map.js' */
/** @import { End } from '../session/ends.js' */
/** @import { Cell, Wanted } from './trainings.js' */
import { byId, translate } from '../common/dom.js';
import { brief } from '../common/numbers.js';
import { short, t, written } from '../common/words.js';
import { shades } from '../draw/shades.js';
import { courseOf, FileMissing, fragmentOf, LinkError, partsOfRooms } from '../session/link.js';
import { Refusal } from '../session/player.js';
import { EngineError } from '../session/session.js';
import { settingsAt } from '../session/settings.js';
import { AskedKnobs, askedOf, partsOf, usual } from './asked.js';
import { part, shareAt, withValues } from './axes.js';
import { showCell, showNone } from './cell.js';
import { around, hands } from './hands.js';
import { MapDrawing } from './map.js';
import { isWhole, showCrumbs, showScale, showTraining } from './said.js';
import { sizesOf, Trainings, valuesOf } from './trainings.js';

/** The network and the rule of the lab on initialisation. */
const EXAMPLE = '#v=1&data=circles&samples=300&noise=0.05&points=0&share=0.2&rule=gradient-descent&rate=0.1&batch=0&schedule=constant&l2=0&l1=0&epochs=15000&init=normal&spread=0.5&seed=0&precision=f32&net=10relu_5relu';

export class Room {
  #notice = byId('notice', HTMLElement);
  #canvas = byId('map', HTMLCanvasElement);
  #cell = byId('cell', HTMLElement);
  #map = new MapDrawing(this.#canvas);
  #trainings = new Trainings({ trained: () => this.#grew(), failed: (error) => this.#failed(error) });
  #knobs = new AskedKnobs(byId('asked', HTMLElement), (change) => this.#ask(change));
  /** @type {{ course: Course, step: number }} */ #training = { course: { start: this.#example(), turns: [] }, step: 0 };
  /** @type {Asked} */ #asked = usual(this.#training.course.start);
  /** The link stays as it is: its file has to come. */ #isWaiting = false;
  /** Ranges that were looked at on the way to those of now. @type {[Range, Range][]} */ #crumbs = [];

  constructor() {
    hands(this.#canvas, this.#map, () => this.#asked.cells, {
      pointed: () => this.#point(),
      chosen: () => this.#choose(),
      zoomed: (box) => this.#zoom(box),
      back: () => this.#crumbs.length && this.#back(this.#crumbs.length - 1),
    });
    const button = (/** @type {string} */ id, /** @type {() => void} */ act) => byId(id, HTMLButtonElement).addEventListener('click', act);
    button('zoom-in', () => this.#zoom(around(this.#map, this.#asked.cells)));
    button('zoom-out', () => this.#zoom(around(this.#map, this.#asked.cells, 2)));
    button('stop', () => {
      if (this.#trainings.isStopped) this.#trainings.goOn();
      else this.#trainings.stop();
      this.#grew();
    });
    byId('scale-bar', HTMLElement).style.background = shades();
    window.addEventListener('hashchange', () => this.#open());
    this.#open();
  }

  spoke() {
    translate();
    this.#show();
  }

  dyed() {
    this.#map.due();
  }

  #example() {
    return /** @type {NonNullable<ReturnType<typeof courseOf>>} */ (courseOf(EXAMPLE)).course.start;
  }

  /** The recipe that each cell changes: that of the training at its instant. */
  get #settings() {
    return settingsAt(this.#training.course, this.#training.step);
  }

  /** @returns {Wanted} */
  get #wanted() {
    const { axes, ranges, cells, steps } = this.#asked;
    return { settings: this.#settings, axes, ranges, cells, steps };
  }

  /** @param {End} trained */
  #measure = ({ loss, heldOutLoss }) => (this.#asked.show === 'held-out' && !Number.isNaN(heldOutLoss) ? heldOutLoss : loss);

  /** What the address says, or the example. */
  #open() {
    this.#say('');
    this.#isWaiting = false;
    this.#training = { course: { start: this.#example(), turns: [] }, step: 0 };
    this.#asked = usual(this.#settings);
    try {
      const found = courseOf(location.hash);
      if (found) {
        const settings = settingsAt(found.course, found.step);
        const asked = askedOf(partsOfRooms(location.hash), settings);
        this.#training = found;
        this.#asked = asked;
      }
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.#isWaiting = error instanceof FileMissing;
      this.#say(t(error.words, { part: error.part, got: error.got }));
    }
    this.#crumbs = [];
    this.#draw();
  }

  /** Another map of the same training. @param {Partial<Asked>} change */
  #ask(change) {
    this.#asked = { ...this.#asked, ...change };
    if (change.axes) this.#crumbs = [];
    this.#draw();
  }

  /** @param {Box} box as shares of the map */
  #zoom([left, lower, right, upper]) {
    const { axes, ranges } = this.#asked;
    /** @type {[Range, Range]} */
    const to = [part(axes[0], ranges[0], left, right), part(axes[1], ranges[1], lower, upper)];
    if (to.join() === ranges.join()) return;
    if (right - left < 1) this.#crumbs.push(ranges);
    // Further out than a crumb, it is no longer on the way.
    else this.#crumbs = this.#crumbs.filter((crumb) => crumb.every(([low, high], at) => low < to[at][0] || high > to[at][1]));
    const cursor = this.#map.cursor && valuesOf(this.#wanted, { size: this.#asked.cells, ...this.#map.cursor });
    this.#ask({ ranges: to });
    if (cursor) this.#pointAt(cursor);
  }

  /** @param {number} crumb */
  #back(crumb) {
    const ranges = this.#crumbs[crumb];
    this.#crumbs = this.#crumbs.slice(0, crumb);
    this.#ask({ ranges });
  }

  /** The cursor stays on its values. @param {[number, number]} values */
  #pointAt(values) {
    const { axes, ranges, cells } = this.#asked;
    const [across, up] = values.map((value, at) => Math.max(0, Math.min(cells - 1, Math.floor(shareAt(axes[at], ranges[at], value) * cells))));
    this.#map.cursor = { across, up };
    this.#point();
  }

  #draw() {
    this.#map.chosen = null;
    if (this.#map.cursor && Math.max(this.#map.cursor.across, this.#map.cursor.up) >= this.#asked.cells) this.#map.cursor = null;
    const { axes } = this.#asked;
    if (this.#crumbs.length === 0 && !isWhole(this.#asked.axes, this.#asked.ranges)) this.#crumbs = [[axes[0].range, axes[1].range]];
    this.#map.present = [axes[0].of(this.#settings), axes[1].of(this.#settings)];
    this.#map.show(this.#wanted, (cell) => this.#trainings.of(cell), this.#measure);
    this.#trainings.draw(this.#wanted);
    const { course, step } = this.#training;
    if (!this.#isWaiting) history.replaceState(null, '', `${location.pathname}${location.search}${fragmentOf(course, step)}${partsOf(this.#asked)}`);
    this.#show();
  }

  /** All words, as they are now. */
  #show() {
    const settings = this.#settings;
    const { axes, show } = this.#asked;
    const [x, y] = axes.map(({ key }) => t(`axis-${key}`));
    const measure = t(`show-${settings.share === 0 ? 'learned' : show}`);
    this.#canvas.setAttribute('aria-label', t('map-named', { measure, x, y }));
    byId('scale-name', HTMLElement).textContent = measure;
    const known = this.#map.placeOfPresent(this.#wanted)?.filter((share) => share !== null).length ?? 0;
    byId('present-legend', HTMLElement).hidden = known === 0;
    byId('present-said', HTMLElement).textContent = t(known === 2 ? 'present-point' : 'present-line');
    document.querySelector('.mark.present')?.classList.toggle('line', known === 1);
    showTraining(settings);
    byId('to-playground', HTMLAnchorElement).href = `./?lang=${document.documentElement.lang}${fragmentOf(this.#training.course, this.#training.step)}`;
    this.#knobs.show(this.#asked, settings);
    showCrumbs(this.#asked, this.#crumbs, (crumb) => this.#back(crumb));
    this.#showChosen();
    this.#grew();
  }

  /** Some cells more. */
  #grew() {
    const { made, all, perSecond } = this.#trainings.progress;
    const isDone = made === all;
    const { isStopped } = this.#trainings;
    byId('progress', HTMLElement).textContent = t(isDone ? 'progress-done' : isStopped ? 'progress-stopped' : 'progress', {
      made: written(made), all: written(all), rate: written(perSecond),
    });
    const stop = byId('stop', HTMLButtonElement);
    stop.disabled = isDone;
    stop.textContent = t(isStopped && !isDone ? 'go-on' : 'stop');
    this.#map.due();
    requestAnimationFrame(() => showScale(this.#map.scale));
    if (this.#map.cursor) this.#point();
  }

  /** The finest cell that is trained at the place of the cursor. @param {{ across: number, up: number }} cursor @returns {[Cell, End] | null} */
  #at({ across, up }) {
    const { cells } = this.#asked;
    for (const size of sizesOf(cells).reverse()) {
      const cell = { size, across: Math.floor((across * size) / cells), up: Math.floor((up * size) / cells) };
      const trained = this.#trainings.of(cell);
      if (trained) return [cell, trained];
    }
    return null;
  }

  /** What the cursor is on. */
  #point() {
    const { cursor } = this.#map;
    if (!cursor) return;
    const found = this.#at(cursor);
    const values = valuesOf(this.#wanted, found?.[0] ?? { size: this.#asked.cells, ...cursor });
    const [x, y] = this.#asked.axes.map(({ key }) => t(`axis-${key}`));
    const trained = found?.[1];
    const said = !trained ? t('not-yet') : trained.isDiverged ? t('has-diverged') : t('loss-of', { loss: short(this.#measure(trained)) });
    const pointed = byId('pointed', HTMLElement);
    const sentence = t('pointed-at', { x, y, xValue: brief(values[0]), yValue: brief(values[1]), said });
    if (pointed.textContent !== sentence) pointed.textContent = sentence;
  }

  #choose() {
    const { cursor } = this.#map;
    this.#map.chosen = cursor && (this.#at(cursor)?.[0] ?? null);
    this.#map.due();
    this.#showChosen();
  }

  #showChosen() {
    const { chosen } = this.#map;
    const trained = chosen && this.#trainings.of(chosen);
    if (!trained) {
      showNone(this.#cell);
      return;
    }
    const { axes } = this.#asked;
    const [x, y] = valuesOf(this.#wanted, chosen);
    /** @type {[Axis, number][]} */
    const values = [[axes[0], x], [axes[1], y]];
    const fragment = fragmentOf({ start: withValues(this.#settings, values), turns: [] }, trained.steps);
    showCell(this.#cell, values, trained, `./?lang=${document.documentElement.lang}${fragment}`);
  }

  /** One sentence; none takes the last one away. @param {string} sentence */
  #say(sentence) {
    this.#notice.textContent = sentence;
    this.#notice.hidden = sentence === '';
    this.#notice.classList.toggle('bad', sentence !== '');
  }

  /** @param {unknown} error */
  #failed(error) {
    if (error instanceof EngineError) this.#say(t(error.kind));
    else if (error instanceof Refusal) this.#say(t('refused', { message: error.message }));
    else throw error;
  }
}
