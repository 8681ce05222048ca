// The room where a network trains in front of you, and its time can be gone along.

/** @import { Picture } from '../session/player.js' */
/** @import { Table } from '../session/files.js' */
/** @import { Course, Settings } from '../session/settings.js' */
import { Boundary } from '../draw/boundary.js';
import { Curves } from '../draw/curves.js';
import { byId, translate } from '../common/dom.js';
import { Diagnosis } from './diagnosis.js';
import { Histograms } from '../draw/histograms.js';
import { Knobs } from '../common/knobs.js';
import { Layers } from '../common/layers.js';
import { legend, planeSaid } from '../draw/legend.js';
import { courseOf, FileMissing, fragmentOf, LinkError } from '../session/link.js';
import { keep, onTable, tableOf } from '../session/files.js';
import { Network } from '../draw/network.js';
import { OwnFile } from './own-file.js';
import { Player, Refusal } from '../session/player.js';
import { newSession } from '../session/open.js';
import { forkOf, fragmentOfRace } from '../session/race.js';
import { EngineError } from '../session/session.js';
import { changedBy, copyOf, isOnTheWay, settingsAt, START } from '../session/settings.js';
import { showParts } from './parts.js';
import { sharing } from './share.js';
import { Status } from './status.js';
import { Transport } from '../common/transport.js';
import { turnsOf } from './turns.js';
import { Unit } from './unit.js';
import { t, written } from '../common/words.js';

/** A link is written, and somebody told, so many milliseconds after the last change. */
const REST = 400;
/** Somebody who waits longer is told what for. */
const SLOW = 700;

/**
 * Build the room; the answer redraws it after a change of language or colours.
 * @param {{ isGuest?: boolean }} [how] in another room the training comes from there: the address says nothing of it, and nobody diagnoses it
 */
export function playground({ isGuest = false } = {}) {
  const status = new Status();
  const player = new Player(newSession(), { began, drawn, played, failed });
  const boundary = new Boundary(byId('boundary', HTMLCanvasElement));
  const curves = new Curves({ loss: byId('loss-curve', HTMLElement), accuracy: byId('accuracy-curve', HTMLElement) }, (step) => transport.goTo(step));
  const histograms = isGuest ? null : new Histograms(byId('histograms', HTMLDetailsElement));
  const unit = new Unit(byId('unit', HTMLElement), setByHand, fragment);
  const network = new Network(byId('network', HTMLElement), {
    chosen: (place) => player.picture && unit.build(player.picture, place),
    grabbed: () => player.pause(),
    pulled: setByHand,
  });
  const layers = new Layers(byId('layers', HTMLElement), { more: byId('more-layers', HTMLButtonElement), fewer: byId('fewer-layers', HTMLButtonElement) }, changed);
  const knobs = new Knobs((group) => byId(`knobs-${group}`, HTMLElement), changed);
  const diagnosis = isGuest ? null : new Diagnosis(player, changed);
  const ownFile = isGuest ? null : new OwnFile(byId('knobs-data', HTMLElement), given);
  const transport = new Transport(player, () => {
    begin({ start: now(), turns: [] }).then(() => status.notice(t('reset-done')));
  });
  if (!isGuest) {
    sharing(player, () => `${location.origin}${location.pathname}${fragment()}`);
    const logarithmic = byId('logarithmic', HTMLInputElement);
    logarithmic.addEventListener('change', () => curves.scale(logarithmic.checked));
    byId('fork', HTMLButtonElement).addEventListener('click', fork);
  }
  translate();

  /** The settings that hold at this instant. @returns {Settings} */
  function now() {
    const { course, picture } = player;
    return course && picture ? settingsAt(course, picture.at.step) : START;
  }

  /** Two futures of the training that is seen, in the room of races. */
  function fork() {
    const { course, picture } = player;
    if (!course || !picture) return;
    player.pause();
    const { step } = picture.at;
    location.href = `race.html${location.search}${fragmentOfRace(forkOf(course, step), step)}`;
  }

  function fragment() {
    const { course, picture } = player;
    return course && picture ? fragmentOf(course, picture.at.step) : '';
  }

  /** @param {Course} course @param {number} [step] */
  async function begin(course, step) {
    const wasPlaying = player.playing;
    await player.begin(course, step);
    if (wasPlaying && !player.playing) player.play();
  }

  /** Changes are made one after the other, each of what the last one left. */
  let changes = Promise.resolve();
  /** @param {Partial<Settings>} change */
  function changed(change) {
    changes = changes.then(() => carryOut(change));
  }

  /** @param {Partial<Settings>} change */
  async function carryOut(change) {
    const { course, picture } = player;
    if (!course || !picture) return;
    if (change.data && change.data !== 'file') ownFile?.forget();
    const [before, step] = [now(), picture.at.step];
    const after = changedBy(before, change);
    const what = t(change.net ? 'net-units' : `knob-${Object.keys(change)[0]}`);
    const isFresh = step === 0 && !course.turns.some((turn) => turn.step === 0);
    const isPast = picture.furthest > step;
    status.notice();
    if (isFresh || !isOnTheWay(before, after)) {
      await begin({ start: after, turns: [] });
      if (player.course?.start === after) status.notice(t(isFresh ? 'changed-at-start' : 'begun-anew', { what }));
    } else {
      await player.change(after);
      const turn = player.course?.turns.at(-1);
      const word = player.picture?.at.ended ? 'changed-at-the-end' : 'changed-on-the-way';
      if (turn?.settings === after) status.notice(onTheWay(t(word, { what, step: written(turn.step) }), isPast));
    }
    showKnobs(now());
  }

  /** @param {Settings} settings */
  function showKnobs(settings) {
    knobs.show(settings);
    layers.show(settings.net);
    ownFile?.show(settings);
  }

  /** What a link says that waits for its file. @type {{ course: Course, step: number } | null} */
  let waiting = null;
  /** A table of the reader's own. @param {Table} table @param {string} [column] that is to be predicted */
  function given(table, column) {
    keep(table);
    const found = waiting;
    waiting = null;
    const { start, turns } = onTable(found?.course ?? { start: now(), turns: [] }, table, column);
    ownFile?.offer(table, start.target);
    if (!found) {
      const { data, file, sum, target } = start;
      changed({ data, file, sum, target });
      return;
    }
    changes = changes.then(async () => {
      status.notice();
      await begin({ start, turns }, found.step);
      if (player.course?.start === start && start.sum !== found.course.start.sum) status.notice(t('file-differs', { name: start.file }), true);
    });
  }

  /** What was changed, and that steps after it are lost, where there were some. @param {string} sentence @param {boolean} isPast */
  function onTheWay(sentence, isPast) {
    return isPast ? `${sentence} ${t('forgotten')}` : sentence;
  }

  /** Of several values while one is on its way, the last one counts. @type {[number, number] | null} */
  let pulled = null;
  let isPulling = false;
  /** @param {number} parameter @param {number} value */
  async function setByHand(parameter, value) {
    player.pause();
    pulled = [parameter, value];
    if (isPulling) return;
    isPulling = true;
    const isPast = player.picture && player.picture.furthest > player.picture.at.step;
    while (pulled) {
      const [place, number] = pulled;
      pulled = null;
      await player.set(place, number);
    }
    isPulling = false;
    status.notice(onTheWay(t('weight-set', { step: written(player.picture?.at.step ?? 0) }), Boolean(isPast)));
  }

  /** @param {Picture} picture */
  function began(picture) {
    network.build(picture);
    histograms?.build(picture);
    unit.build(picture, network.chosen);
    legend(picture);
    byId('boundary', HTMLElement).setAttribute('aria-label', planeSaid(picture));
    if (!isGuest) showParts(picture);
  }

  /** The settings that the knobs show. @type {Settings | undefined} */
  let shown;
  /** @type {number | undefined} */
  let rest;
  /** @param {Picture} picture */
  function drawn(picture) {
    const settings = now();
    boundary.draw(picture);
    network.draw(picture);
    histograms?.draw(picture);
    unit.draw(picture);
    curves.draw(picture);
    status.draw(player, settings);
    transport.draw(picture);
    diagnosis?.drawn();
    if (settings !== shown || !player.playing) {
      shown = settings;
      showKnobs(settings);
    }
    if (player.playing) return;
    if (player.course) turnsOf(player.course, (step) => transport.goTo(step));
    clearTimeout(rest);
    rest = setTimeout(() => {
      if (player.playing) return;
      // A link that waits for its file stays as it is.
      if (!isGuest && !waiting) history.replaceState(null, '', `${location.pathname}${location.search}${fragment()}`);
      status.tell(player);
    }, REST);
  }

  function played() {
    transport.played();
    status.draw(player, now());
    if (player.playing) status.notice();
  }

  /** @param {unknown} error */
  function failed(error) {
    if (error instanceof EngineError) status.notice(t(error.kind), true);
    else if (error instanceof Refusal) status.notice(t('refused', { message: error.message }), true);
    else throw error;
    showKnobs(now());
  }

  /** What the address says, or the example of the page. */
  async function open() {
    player.pause();
    status.notice();
    waiting = null;
    let sentence = '';
    /** @type {ReturnType<typeof courseOf>} */
    let asked = null;
    try {
      asked = courseOf(location.hash);
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      sentence = t(error.words, { part: error.part, got: error.got });
      if (error instanceof FileMissing) waiting = error.found;
    }
    let course = asked?.course ?? { start: copyOf(START), turns: [] };
    const { data, file, sum } = course.start;
    if (data === 'file') {
      // Another file of this name may have come since.
      course = onTable(course, tableOf(file), course.start.target);
      if (course.start.sum !== sum) sentence = t('file-differs', { name: file });
    }
    // A link may be a long way into a training.
    const waits = setTimeout(() => status.notice(t('opening', { step: written(asked?.step ?? 0) })), SLOW);
    await begin(course, asked?.step);
    clearTimeout(waits);
    if (player.course === course) status.notice();
    if (!player.picture && asked) await begin({ start: copyOf(START), turns: [] });
    if (sentence) status.notice(sentence, true);
  }
  if (!isGuest) window.addEventListener('hashchange', open);
  new ResizeObserver(() => player.picture && boundary.draw(player.picture)).observe(byId('boundary', HTMLElement));
  if (!isGuest) open();

  return {
    begin,
    now,
    /** @param {string} [sentence] */
    notice: (sentence) => status.notice(sentence),
    spoke() {
      if (!player.picture) return;
      status.notice();
      began(player.picture);
      drawn(player.picture);
      transport.played();
      translate();
    },
    dyed() {
      curves.restyle();
      if (player.picture) drawn(player.picture);
    },
  };
}
