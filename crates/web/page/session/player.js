// Runs a training: one picture in flight, and as many steps before it as there is time for.

/** @import { At, Began, Command, Reply, Session, View } from './protocol.d.ts' */
/** @import { Course, Settings, Turn } from './settings.js' */
import { Pace } from './pace.js';
import { eventOf, numbersOf } from './session.js';
import { planOf, recipeOf, turned } from './settings.js';

/**
 * @typedef {object} Picture what there is to draw
 * @property {Began} began
 * @property {Float32Array} points first feature, second feature, target of each row
 * @property {At} at
 * @property {number} furthest steps made at most
 * @property {number} cells of the boundary
 * @property {Float32Array} [boundary]
 * @property {number} unitCells
 * @property {Float32Array} [units]
 * @property {Float32Array} parameters
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
  /** What is done, one after the other. @type {Promise<unknown>} */
  #line = Promise.resolve();
  /** @type {number | null} */ #sought = null;

  /** @param {Session} session @param {Watcher} watcher */
  constructor(session, watcher) {
    this.#session = session;
    this.#watcher = watcher;
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
      this.picture = { began, points, at, furthest: at.step, cells: CELLS, unitCells: UNIT_CELLS, parameters: none, curve: none };
      this.pace.forget();
      if (step !== at.step) await this.#go({ do: 'seek', step });
      await this.#look(true);
      this.#watcher.began(this.picture, course);
      this.#watcher.drawn(this.picture);
    });
  }

  /** @param {number} steps */
  step(steps) {
    return this.#inLine(() => this.#drawnAfter({ do: 'step', steps }));
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
      await this.#drawnAfter({ do: 'seek', step: sought });
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

  /** How to repeat it. */
  async repeat() {
    const reply = await this.#inLine(() => this.#ask({ do: 'repeat' }));
    return reply && eventOf(reply, 'repeat');
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.#watcher.played();
    // The last picture has everything.
    this.#inLine(() => this.#look(true).then(() => this.picture && this.#watcher.drawn(this.picture)));
  }

  play() {
    if (this.playing || this.picture?.at.ended) return;
    this.playing = true;
    this.#watcher.played();
    let before = performance.now();
    let due = 0;
    let isBusy = false;
    let count = 0;
    const frame = () => {
      if (!this.playing) return;
      requestAnimationFrame(frame);
      const now = performance.now();
      if (isBusy || this.pace.isEarly(now - before)) return;
      const { most } = this.pace;
      due = Math.min(most, due + (this.speed === null ? most : ((now - before) / 1000) * this.speed));
      before = now;
      const steps = Math.floor(due);
      if (steps < 1) return;
      due -= steps;
      isBusy = true;
      this.#inLine(async () => {
        if (this.playing) await this.#advance(steps, count++ % 4 === 0);
      }).finally(() => (isBusy = false));
    };
    requestAnimationFrame(frame);
  }

  /** @param {number} steps @param {boolean} isWhole */
  async #advance(steps, isWhole) {
    const picture = /** @type {Picture} */ (this.picture);
    const first = picture.at.step;
    const start = performance.now();
    // One after the other in the session, without a pause between them.
    const went = this.#go({ do: 'step', steps });
    await Promise.all([went, this.#look(isWhole)]);
    const made = picture.at.step - first;
    this.pace.came(steps, made, performance.now() - start);
    if (picture.at.ended) {
      this.playing = false;
      if (!isWhole) await this.#look(true);
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
      await this.#look(true);
      this.#watcher.drawn(picture);
    });
  }

  /** @param {Command} command */
  async #drawnAfter(command) {
    await this.#go(command);
    await this.#look(true);
    this.#watcher.drawn(/** @type {Picture} */ (this.picture));
  }

  /** @param {Command} command */
  async #go(command) {
    const at = eventOf(await this.#ask(command), 'at');
    const picture = /** @type {Picture} */ (this.picture);
    if (at) picture.at = at;
    picture.furthest = Math.max(picture.furthest, picture.at.step);
  }

  /** Curves are looked at now and then alone: they are long, and change little. @param {boolean} isWhole */
  async #look(isWhole) {
    const picture = /** @type {Picture} */ (this.picture);
    /** @type {View[]} */
    const views = [{ view: 'boundary', cells: CELLS }, { view: 'units', cells: UNIT_CELLS }, { view: 'parameters' }];
    if (isWhole) views.push({ view: 'curve', from: 0 });
    const reply = await this.#ask({ do: 'look', views });
    for (const event of reply.events) {
      if (event.event === 'boundary') picture.boundary = numbersOf(reply, event.numbers);
      if (event.event === 'units') picture.units = numbersOf(reply, event.numbers);
      if (event.event === 'parameters') picture.parameters = numbersOf(reply, event.numbers);
      if (event.event === 'curve') picture.curve = numbersOf(reply, event.numbers);
    }
  }

  /** @param {Command} command @returns {Promise<Reply>} */
  async #ask(command) {
    const reply = await this.#session.ask(command);
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
