// The room where variants of one training run side by side.

/** @import { Settings } from '../session/settings.js' */
/** @import { Race } from '../session/race.js' */
/** @import { Chosen } from './editor.js' */
import { byId, translate } from '../common/dom.js';
import { namesOf } from '../common/said.js';
import { Transport } from '../common/transport.js';
import { percent, t, written } from '../common/words.js';
import { legend } from '../draw/legend.js';
import { FileMissing, LinkError } from '../session/link.js';
import { Refusal } from '../session/player.js';
import { changedForAll, courseOfVariant, fragmentOfRace, here, LEAST_VARIANTS, MOST_VARIANTS, raceOf, withSeed } from '../session/race.js';
import { EngineError } from '../session/session.js';
import { changedBy, copyOf, differences, START } from '../session/settings.js';
import { Editor } from './editor.js';
import { Lane } from './lane.js';
import { Luck } from './luck.js';
import { Measures } from './measures.js';
import { allowPresets, offerPresets, PRESETS } from './presets.js';
import { Together } from './together.js';
import { isLoss } from './verdict.js';

/** The address is written, and somebody told, so many milliseconds after the last change. */
const REST = 400;

/** Build the room; the answer redraws it after a change of language or colours. */
export function room() {
  /** @type {Race} */
  let race = { base: { start: copyOf(START), turns: [] }, fork: 0, variants: [] };
  /** @type {Lane[]} */
  let lanes = [];
  /** @type {Chosen} */
  let chosen = 'all';
  const together = new Together({ drawn, played });
  const measures = new Measures((step) => transport.goTo(step));
  const editor = new Editor((change) => inTurn(() => changed(change)), (choice) => {
    chosen = choice;
    say();
  });
  const transport = new Transport(together, () => transport.goTo(race.fork));
  const [list, notice, state, heard] = ['lanes', 'notice', 'state', 'heard'].map((id) => byId(id, HTMLElement));
  const luck = new Luck({
    now: () => ({ race, step: together.stepNow }),
    canJudge: (measure) => lanes.every(({ player: { picture } }) =>
      picture && (isLoss(measure) || picture.began.is_classification) && (!measure.startsWith('heldOut') || picture.began.rows[1] > 0)),
    failed: (error) => failed(error),
    seen: (seed) => inTurn(() => seen(seed)),
  });
  const hands = {
    change: (/** @type {Lane} */ lane) => {
      chosen = lanes.indexOf(lane);
      say();
      editor.focus();
    },
    copy: (/** @type {Lane} */ lane) => inTurn(() => add(race.variants[lanes.indexOf(lane)])),
    remove: (/** @type {Lane} */ lane) => inTurn(() => remove(lanes.indexOf(lane))),
    failed: (/** @type {Lane} */ lane, /** @type {unknown} */ error) => failed(error, lane),
  };
  byId('add', HTMLButtonElement).addEventListener('click', () => inTurn(() => add(here(race))));
  offerPresets({
    // With the training at hand.
    chosen: (preset) => inTurn(() => run({ ...race, variants: preset.variants(here(race)) }, race.fork)),
    asInCourse: (preset, base) => inTurn(() => run({ base, fork: 0, variants: preset.variants(base.start) }, 0)),
  });
  translate();

  /** Changes are made one after the other, each of what the last one left. @type {Promise<unknown>} */
  let changes = Promise.resolve();
  /** @param {() => Promise<void> | void} change */
  function inTurn(change) {
    changes = changes.then(change);
    return changes;
  }

  /**
   * Another race, at a step. Where the engine does not take a variant, the race stays what it was, and a sentence says so.
   * @param {Race} next
   * @param {number} step
   */
  async function run(next, step) {
    tell();
    const wasPlaying = together.playing;
    await together.still();
    const [before, place] = [race, together.stepNow];
    const isTaken = await settled(next, step);
    if (!isTaken) await settled(before, place);
    if (wasPlaying) together.play();
  }

  /**
   * Every lane has the training of its variant, at this step: whether the engine takes them all.
   * @param {Race} next
   * @param {number} step
   */
  async function settled(next, step) {
    race = next;
    while (lanes.length > race.variants.length) lanes.pop()?.close();
    while (lanes.length < race.variants.length) {
      const lane = new Lane(hands);
      lanes.push(lane);
      list.append(lane.element);
    }
    if (typeof chosen === 'number' && chosen >= lanes.length) chosen = lanes.length - 1;
    if (race.fork > 0 && chosen === 'all') chosen = lanes.length - 1;
    together.players = lanes.map(({ player }) => player);
    together.pace.forget();
    say();
    const taken = await Promise.all(lanes.map(async (lane, place) => {
      const course = courseOfVariant(race, race.variants[place]);
      const isSame = JSON.stringify(lane.player.course) === JSON.stringify(course);
      await (isSame ? lane.player.seek(step) : lane.player.begin(course, step));
      return isSame || lane.player.course === course;
    }));
    allowPresets(race);
    const { picture } = lanes[0].player;
    if (picture) legend(picture);
    drawn(true);
    return taken.every(Boolean);
  }

  /** @param {Settings} settings */
  async function add(settings) {
    if (lanes.length >= MOST_VARIANTS) return;
    chosen = lanes.length;
    await run({ ...race, variants: [...race.variants, copyOf(settings)] }, together.stepNow);
    tell(t('lane-added', { letter: lanes[lanes.length - 1].letter }));
  }

  /** @param {number} place */
  async function remove(place) {
    if (lanes.length <= LEAST_VARIANTS) return;
    const step = together.stepNow;
    const wasPlaying = together.playing;
    await together.still();
    lanes.splice(place, 1)[0].close();
    list.focus({ preventScroll: true });
    race = { ...race, variants: race.variants.filter((_, at) => at !== place) };
    await run(race, step);
    if (wasPlaying) together.play();
  }

  /** @param {Partial<Settings>} change */
  function changed(change) {
    if (chosen === 'all') return run(changedForAll(race, change), together.stepNow);
    const variants = race.variants.map((settings, place) => (place === chosen ? changedBy(settings, change) : settings));
    return run({ ...race, variants }, together.stepNow);
  }

  /** The race with another seed, of all variants. @param {number} seed */
  async function seen(seed) {
    await run(withSeed(race, seed), together.stepNow);
    tell(t('luck-seen', { seed }));
    list.scrollIntoView({ block: 'nearest' });
  }

  /** Names, and whose knobs are shown. */
  function say() {
    const names = namesOf(here(race), race.variants);
    lanes.forEach((lane, place) =>
      lane.call(place, names[place], { isChosen: place === chosen, canCopy: lanes.length < MOST_VARIANTS, canRemove: lanes.length > LEAST_VARIANTS }));
    byId('add', HTMLButtonElement).disabled = lanes.length >= MOST_VARIANTS;
    const areAlike = race.variants.every((settings) => differences(here(race), settings).length === 0);
    const said = byId('lanes-said', HTMLElement);
    said.hidden = race.fork === 0 && !areAlike;
    said.textContent = race.fork ? t('fork-said', { step: written(race.fork) }) : t('alike-said');
    byId('luck-fork', HTMLElement).hidden = race.fork === 0;
    measures.run(lanes, race.fork);
    luck.follow(race, together.stepNow);
    editor.show(race, chosen);
    translate(list);
  }

  /** @param {unknown} error @param {Lane} [lane] */
  function failed(error, lane) {
    if (error instanceof EngineError) tell(t(error.kind), true);
    else if (error instanceof Refusal) tell(lane ? t('lane-refused', { letter: lane.letter, message: error.message }) : t('refused', { message: error.message }), true);
    else throw error;
  }

  /** Whether the address is a link whose file is not at hand. */
  let isWaiting = false;
  /** @type {number | undefined} */
  let rest;
  /** @param {boolean} isWhole */
  function drawn(isWhole) {
    const { picture } = together;
    if (!picture) return;
    transport.draw(picture);
    measures.draw();
    if (isWhole) measures.curves();
    status();
    clearTimeout(rest);
    if (isWhole) {
      luck.follow(race, together.stepNow);
      lanes.forEach((lane) => lane.refer());
    }
    if (!together.playing) rest = setTimeout(atRest, REST);
  }

  function status() {
    const { picture, pace, playing } = together;
    const { pictures, steps } = pace.perSecond;
    state.textContent = playing
      ? t('state-playing', { pictures: written(pictures), rate: written(steps) })
      : t(picture?.at.ended ? 'race-ended' : 'race-ready');
  }

  function atRest() {
    if (together.playing) return;
    // A link that waits for its file stays as it is.
    if (!isWaiting) history.replaceState(null, '', `${location.pathname}${location.search}${fragmentOfRace(race, together.stepNow)}`);
    const said = lanes.map(({ letter, name, player: { picture } }) => {
      const right = picture?.at.held_out_accuracy ?? picture?.at.accuracy;
      return `${letter}, ${name}${right === null || right === undefined ? '' : `: ${percent(right)}`}.`;
    });
    heard.textContent = [t('heard-step', { step: written(together.stepNow) }), ...said].join(' ');
  }

  function played() {
    transport.played();
    status();
  }

  /** One sentence for everybody; none takes the last one away. @param {string} [sentence] @param {boolean} [isError] */
  function tell(sentence = '', isError = false) {
    notice.textContent = sentence;
    notice.classList.toggle('bad', isError);
    notice.hidden = sentence === '';
  }

  /** What the address says, or the example of the page. */
  async function open() {
    isWaiting = false;
    let sentence = '';
    /** @type {ReturnType<typeof raceOf>} */
    let asked = null;
    try {
      asked = raceOf(location.hash);
      if (asked?.isOtherFile) sentence = t('file-differs', { name: asked.race.base.start.file });
      if (asked && !asked.isSettled) sentence = t('turns-left');
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      sentence = t(error.words, { part: error.part, got: error.got });
      isWaiting = error instanceof FileMissing;
    }
    const start = copyOf(START);
    /** @type {Race} */
    const example = { base: { start, turns: [] }, fork: 0, variants: PRESETS[0].variants(start) };
    // Somebody who comes with one training, or forks one, changes the last variant.
    chosen = asked && !location.hash.includes('variants=') ? 1 : asked?.race.fork ? asked.race.variants.length - 1 : 'all';
    if (lanes.length === 0) race = example;
    await run(asked?.race ?? example, asked?.step ?? 0);
    if (sentence) tell(sentence, !asked);
  }
  window.addEventListener('hashchange', () => inTurn(open));
  inTurn(open);

  return {
    spoke() {
      const { picture } = lanes[0]?.player ?? {};
      if (picture) legend(picture);
      tell();
      say();
      drawn(true);
      played();
      translate();
      luck.follow(race, together.stepNow);
      luck.show();
    },
    dyed() {
      measures.restyle();
      lanes.forEach((lane) => lane.draw());
    },
  };
}
