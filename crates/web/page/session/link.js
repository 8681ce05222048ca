// A training as the fragment of a link, and back:
// #v=1&data=moons&samples=200&…&net=8tanh_6relu~0.2&then=20:rate=0.2;30:w3=-1.5&step=340

/** @import { Course, Knob, Layer, Settings } from './settings.js' */
import { isAtHand } from './files.js';
import { ACTIVATIONS, copyOf, differences, isOnTheWay, KNOBS, MOST_LAYERS, MOST_UNITS, OF_FILE, START } from './settings.js';

const VERSION = '1';
/** What a room says of itself in a link, beside the training; the other rooms pass over it. */
const OF_ROOMS = ['unit', 'example', 'bugs', 'hidden', 'variants', 'fork', 'x', 'y', 'cells', 'steps', 'show'];

/** What a link says is wrong: the part, what was expected, and what came. */
export class LinkError extends Error {
  /** Which words say it, with `part` and `got` in their gaps. */
  words = 'link-wrong';

  /** @param {string} part @param {string} got */
  constructor(part, got) {
    super(`${part}: ${got}`);
    this.part = part;
    this.got = got;
  }
}

/** A link trains on a file, which no link can hold: its reader has to give it. */
export class FileMissing extends LinkError {
  words = 'file-missing';

  /** @param {{ course: Course, step: number }} found what the link says besides */
  constructor(found) {
    super('file', found.course.start.file);
    this.found = found;
  }
}

/**
 * @param {Course} course
 * @param {number} step
 */
export function fragmentOf({ start, turns }, step) {
  const parts = [`v=${VERSION}`, ...knobsOf(start).map(({ key }) => `${key}=${start[key]}`), ...textsOf(start), `net=${written(start.net)}`];
  let before = start;
  const said = turns.map((turn) => {
    if (turn.set) return `${turn.step}:w${turn.set[0]}=${turn.set[1]}`;
    const after = turn.settings ?? before;
    const changed = changesOf(before, after);
    before = after;
    return `${turn.step}:${changed}`;
  });
  if (said.length) parts.push(`then=${said.join(';')}`);
  if (step) parts.push(`step=${step}`);
  return `#${parts.join('&')}`;
}

/**
 * The training that a fragment says; none where it is empty.
 * @param {string} fragment
 * @returns {{ course: Course, step: number } | null}
 * @throws {LinkError} {@link FileMissing} where it is right, but its file is not at hand
 */
export function courseOf(fragment) {
  const text = decoded(fragment.replace(/^#/, ''));
  if (!text) return null;
  const parts = new Map(text.split('&').map((part) => pair(part)));
  if (parts.get('v') !== VERSION) throw new LinkError('v', parts.get('v') ?? '');
  parts.delete('v');
  OF_ROOMS.forEach((part) => parts.delete(part));
  const then = parts.get('then');
  const step = whole('step', parts.get('step') ?? '0');
  parts.delete('then');
  parts.delete('step');
  const start = copyOf(START);
  parts.forEach((value, key) => put(start, key, value));
  /** @type {Course} */
  const course = { start, turns: [] };
  let before = start;
  for (const turn of then ? then.split(';') : []) {
    const [at, changes] = [turn.slice(0, turn.indexOf(':')), turn.slice(turn.indexOf(':') + 1)];
    const steps = whole('then', at);
    if (steps < (course.turns.at(-1)?.step ?? 0)) throw new LinkError('then', turn);
    const byHand = /^w(\d+)=(.+)$/.exec(changes);
    if (byHand) {
      const value = Number(byHand[2]);
      if (!Number.isFinite(value)) throw new LinkError('then', turn);
      course.turns.push({ step: steps, set: [Number(byHand[1]), value] });
      continue;
    }
    const settings = withChanges(before, changes);
    if (!isOnTheWay(before, settings)) throw new LinkError('then', turn);
    course.turns.push({ step: steps, settings });
    before = settings;
  }
  if (start.data !== 'file') return { course, step };
  if (!start.file || !start.target) throw new LinkError(start.file ? 'target' : 'file', '');
  if (!isAtHand(start.file)) throw new FileMissing({ course, step });
  return { course, step };
}

/** What is free text is written so that nothing in it separates parts. @param {Settings} settings */
const textsOf = (settings) => (settings.data === 'file' ? OF_FILE : []).map((key) => `${key}=${encodeURIComponent(settings[key].replace(/[%&=;,:#]/g, encodeURIComponent))}`);

/** The knobs that a link says. @param {Settings} settings */
const knobsOf = (settings) => KNOBS.filter(({ key, applies, isQuiet }) => (applies?.(settings) ?? true) && !(isQuiet && settings[key] === START[key]));

/** What a link says of its room. @param {string} fragment @returns {Map<string, string>} */
export function partsOfRooms(fragment) {
  const said = decoded(fragment.replace(/^#/, '')).split('&');
  return new Map(said.filter((part) => OF_ROOMS.some((name) => part.startsWith(`${name}=`))).map((part) => pair(part)));
}

/** Settings as changes of others: `rate=0.1,net=8tanh`. @param {Settings} before @param {Settings} after */
export function changesOf(before, after) {
  return differences(before, after).map((key) => `${key}=${key === 'net' ? written(after.net) : after[key]}`).join(',');
}

/** And back. @param {Settings} before @param {string} changes @returns {Settings} @throws {LinkError} */
export function withChanges(before, changes) {
  const settings = copyOf(before);
  if (changes) changes.split(',').forEach((change) => put(settings, ...pair(change)));
  return settings;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new LinkError('%', text.slice(0, 40));
  }
}

/** @param {string} part @returns {[string, string]} */
function pair(part) {
  const at = part.indexOf('=');
  if (at < 1) throw new LinkError(part.slice(0, 40), '');
  return [part.slice(0, at), part.slice(at + 1)];
}

/** A count in a link. @param {string} part @param {string} text @throws {LinkError} */
export function whole(part, text) {
  if (!/^\d{1,12}$/.test(text)) throw new LinkError(part, text);
  return Number(text);
}

/** @param {Settings} settings @param {string} key @param {string} text */
function put(settings, key, text) {
  if (key === 'net') {
    settings.net = read(text);
    return;
  }
  if (OF_FILE.some((of) => of === key)) {
    Object.assign(settings, { [key]: decoded(text) });
    return;
  }
  const knob = KNOBS.find((knob) => knob.key === key);
  if (!knob) throw new LinkError(key, text);
  const value = knob.choices ? text : Number(text);
  if (text === '' || !fits(knob, value)) throw new LinkError(key, text);
  Object.assign(settings, { [key]: value });
}

/** @param {Knob} knob @param {string | number} value */
export function fits({ choices, least = 0, most = 0, whole }, value) {
  if (choices) return choices.includes(String(value));
  const number = Number(value);
  return Number.isFinite(number) && number >= least && number <= most && (!whole || Number.isInteger(number));
}

/** @param {Layer[]} net */
function written(net) {
  return net.map(({ units, activation, dropout }) => `${units}${activation}${dropout ? `~${dropout}` : ''}`).join('_');
}

/** @param {string} text @returns {Layer[]} */
function read(text) {
  const layers = text === '' ? [] : text.split('_');
  if (layers.length > MOST_LAYERS) throw new LinkError('net', text);
  return layers.map((layer) => {
    const found = /^(\d+)([a-z-]+)(?:~(\d*\.?\d+))?$/.exec(layer);
    const [units, activation, dropout] = [Number(found?.[1]), found?.[2] ?? '', Number(found?.[3] ?? 0)];
    const isRight = units >= 1 && units <= MOST_UNITS && ACTIVATIONS.includes(activation) && dropout < 1;
    if (!isRight) throw new LinkError('net', text);
    return { units, activation, dropout };
  });
}
