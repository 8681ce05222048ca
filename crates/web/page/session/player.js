// Runs a training: one picture in flight, and as many steps before it as there is time for.

/** @import { At, Began, Command, Reply, Request, Session, View } from './protocol.d.ts' */
/** @import { Course, Settings, Turn } from './settings.js' */
import { beat, Pace } from './pace.js';
import { eventOf, numbersOf } from './session.js';
import { planOf, recipeOf, turned } from './settings.js';

/**
 * @typedef {object} Picture what there is to draw
 * @property {Began} began
 * @property {Float32Array} points first feature, second feature, target of each row
 * @property {[number, number]} span the numbers that the network is to say: a probability, or what the targets are
 * @property {At} at
 * @property {number} furthest steps made at most
 * @property {number} cells of the boundary
 * @property {Float32Array} [boundary]
 * @property {number} unitCells
 * @property {Float32Array} [units]
 * @property {Float32Array} parameters
 * @property {Float32Array} [predictions] of each row, output by output
 * @property {Float32Array} curve
 */
/**
 * @typedef {object} Watcher
 * @property {(picture: Picture, course: Course) => void} began
 * @property {(picture: Picture) => void} drawn
 * @property {() => void} played it plays, or does no more
 * @property {(error: unknown) => void} failed
 */

const CELLS = 64;
const UNIT_CELLS = 20;
/** The plane alone. @type {View[]} */
export const PLANE = [{ view: 'boundary', cells: CELLS }, { view: 'predictions' }];
/** The plane and the network. @type {View[]} */
const ALL = [...PLANE, { view: 'units', cells: UNIT_CELLS }, { view: 'parameters' }];
/** Curves are looked at now and then alone: they are long, and change little. @type {View} */
const CURVE = { view: 'curve', from: 0 };
/** Steps of a far way between two pictures. */
const PART = 20000;

/** The session said no. */
export class Refusal extends Error {}

export class Player {
  /** @type {Picture | undefined} */ picture;
  /** @type {Course | undefined} */ course;
  playing = false;
  /** Steps a second; none for as many as there is time for. @type {number | null} */
  speed = 100;
  pace = new Pace();

  #session;
  #watcher;
  #lively;
  /** What is done, one after the other. @type {Promise<unknown>} */
  #line = Promise.resolve();
  /** @type {number | null} */ #sought = null;

  /** @param {Session} session @param {Watcher} watcher @param {View[]} lively what each picture has, beside the curves */
  constructor(session, watcher, lively = ALL) {
    this.#session = session;
    this.#watcher = watcher;
    this.#lively = lively;
  }

  /** @param {Course} course @param {number} [step] */
  begin(course, step = 0) {
    return this.#inLine(async () => {
      const reply = await this.#ask({ do: 'begin', plan: planOf(course) });
      const [began, at] = [eventOf(reply, 'began'), eventOf(reply, 'at')];
      if (!began || !at) throw new Error('a session that begins says so');
      const points = began.points ? numbersOf(reply, began.points) : new Float32Array();
      const none = new Float32Array();
      this.course = course;
      this.picture = { began, points, span: spanOf(began, points), at, furthest: at.step, cells: CELLS, unitCells: UNIT_CELLS, parameters: none, curve: none };
      this.pace.forget();
      await this.#go({ do: 'seek', step, most: PART });
      this.#watcher.began(this.picture, course);
      this.#watcher.drawn(this.picture);
      if (this.picture.at.step < step) await this.#seek(step);
    });
  }

  /** @param {number} steps @param {boolean} [isWhole] with the curves */
  step(steps, isWhole = true) {
    return this.#inLine(() => this.#drawnAfter({ do: 'step', steps }, isWhole));
  }

  epoch() {
    return this.#inLine(() => this.#drawnAfter({ do: 'epoch' }));
  }

  /** Of several instants asked for while one is on its way, the last one counts. @param {number} step */
  seek(step) {
    const isWaiting = this.#sought !== null;
    this.#sought = step;
    if (isWaiting) return this.#line;
    return this.#inLine(async () => {
      const sought = this.#sought ?? step;
      this.#sought = null;
      await this.#seek(sought);
    });
  }

  /** @param {number} parameter @param {number} value */
  set(parameter, value) {
    return this.#turn({ do: 'set', parameter, value }, { set: [parameter, value] });
  }

  /** @param {Settings} settings */
  change(settings) {
    return this.#turn({ do: 'change', recipe: recipeOf(settings) }, { settings });
  }

  /** What else is to be seen at this instant; what is refused is in the reply. @param {View[]} views */
  look(views) {
    return this.#inLine(() => this.#session.ask({ do: 'look', views }));
  }

  /** How to repeat it. */
  async repeat() {
    const reply = await this.ask({ do: 'repeat' });
    return reply && eventOf(reply, 'repeat');
  }

  /** Something that changes no picture, after what was asked before. @param {Request} request */
  ask(request) {
    return this.#inLine(() => this.#ask(request));
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.#watcher.played();
    // The last picture has everything.
    if (this.picture) this.#inLine(() => this.#drawnAfter({ do: 'look' }));
  }

  play() {
    if (this.playing || this.picture?.at.ended) return;
    this.playing = true;
    this.#watcher.played();
    beat(this, (steps, isWhole) =>
      this.#inLine(async () => {
        if (this.playing) await this.#advance(steps, isWhole);
      }));
  }

  /** @param {number} steps @param {boolean} isWhole */
  async #advance(steps, isWhole) {
    const picture = /** @type {Picture} */ (this.picture);
    const first = picture.at.step;
    const start = performance.now();
    await this.#go({ do: 'step', steps }, isWhole);
    const made = picture.at.step - first;
    this.pace.came(steps, made, performance.now() - start);
    if (picture.at.ended) {
      this.playing = false;
      if (!isWhole) await this.#go({ do: 'look' });
    }
    this.#watcher.drawn(picture);
    if (!this.playing) this.#watcher.played();
  }

  /** @param {Command} command @param {Omit<Turn, 'step'>} turn */
  #turn(command, turn) {
    return this.#inLine(async () => {
      await this.#go(command);
      const picture = /** @type {Picture} */ (this.picture);
      picture.furthest = picture.at.step;
      this.course = turned(/** @type {Course} */ (this.course), { step: picture.at.step, ...turn });
      this.#watcher.drawn(picture);
    });
  }

  /** A far way is shown in parts, and left for another instant that is asked for meanwhile. @param {number} step */
  async #seek(step) {
    const picture = /** @type {Picture} */ (this.picture);
    do await this.#drawnAfter({ do: 'seek', step, most: PART });
    while (picture.at.step !== step && !picture.at.ended && this.#sought === null);
  }

  /** @param {Command} command @param {boolean} [isWhole] */
  async #drawnAfter(command, isWhole) {
    await this.#go(command, isWhole);
    this.#watcher.drawn(/** @type {Picture} */ (this.picture));
  }

  /** Do something, and have the picture after it. @param {Command} command @param {boolean} [isWhole] */
  async #go(command, isWhole = true) {
    this.#take(await this.#ask({ ...command, views: isWhole ? [...this.#lively, CURVE] : this.#lively }));
  }

  /** What a reply shows. @param {Reply} reply */
  #take(reply) {
    const picture = /** @type {Picture} */ (this.picture);
    for (const event of reply.events) {
      if (event.event === 'at') picture.at = event;
      if (event.event === 'boundary') picture.boundary = numbersOf(reply, event.numbers);
      if (event.event === 'units') picture.units = numbersOf(reply, event.numbers);
      if (event.event === 'parameters') picture.parameters = numbersOf(reply, event.numbers);
      if (event.event === 'predictions') picture.predictions = numbersOf(reply, event.numbers);
      if (event.event === 'curve') picture.curve = numbersOf(reply, event.numbers);
    }
    picture.furthest = Math.max(picture.furthest, picture.at.step);
  }

  /** @param {Request} request @returns {Promise<Reply>} */
  async #ask(request) {
    const reply = await this.#session.ask(request);
    const refused = eventOf(reply, 'refused');
    if (refused) throw new Refusal(refused.message);
    return reply;
  }

  /**
   * Do it when what came before is done. What fails is told once.
   * @template T
   * @param {() => Promise<T>} task
   * @returns {Promise<T | undefined>}
   */
  #inLine(task) {
    const done = this.#line.then(task).catch((error) => {
      if (this.playing) {
        this.playing = false;
        this.#watcher.played();
      }
      this.#watcher.failed(error);
      return undefined;
    });
    this.#line = done;
    return done;
  }
}

/** @param {Began} began @param {Float32Array} points @returns {[number, number]} */
function spanOf({ is_classification }, points) {
  if (is_classification) return [0, 1];
  let [low, high] = [Infinity, -Infinity];
  for (let at = 2; at < points.length; at += 3) [low, high] = [Math.min(low, points[at]), Math.max(high, points[at])];
  return low < high ? [low, high] : [0, 1];
}
