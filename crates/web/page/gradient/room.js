// The room of the gradient check: backpropagation against differences of the cost, right or with mistakes planted.

/** @import { Bug, GradientCheck, View } from '../session/protocol.d.ts' */
/** @import { Plantable } from './mistakes.js' */
import { byId, h, svg } from '../common/dom.js';
import { plain } from '../common/numbers.js';
import { t, written } from '../common/words.js';
import { refuse } from '../session/by-hand.js';
import { eventOf } from '../session/session.js';
import { Visit } from '../session/visit.js';
import { mark, power } from './chart.js';
import { counts, isSameGradient, nameOf } from './check.js';
import { best, epsilons } from './epsilons.js';
import { hiddenUnder, MOST } from './hidden.js';
import { Mistakes } from './mistakes.js';
import { scatter } from './scatter.js';
import { stems } from './stems.js';
import { ofShapes, sentence, table, verdict } from './verdict.js';

/** A small network with dropout. It has no penalty: beside one, a factor that is wrong has no name. */
const EXAMPLE = '#v=1&data=moons&samples=60&noise=0.2&share=0.2&points=1&rule=gradient-descent&rate=0.3&batch=8&schedule=constant&l2=0&l1=0&epochs=100&init=xavier&seed=2&precision=f64&net=4tanh~0.5_3tanh&step=12';
/** Somebody who waits so many milliseconds is told what for. */
const SLOW = 300;
/** Parameters that a session checks. */
const MOST_PARAMETERS = 600;

/** Build the room. */
export function gradientRoom() {
  /** Mistakes that are planted, by name. @type {Set<string>} */
  let planted = new Set();
  /** The number under which one is hidden. @type {number | null} */
  let number = null;
  /** @type {Awaited<ReturnType<typeof hiddenUnder<Plantable>>>} */
  let hidden = null;
  let isNamed = false;
  /** Without mistakes. @type {GradientCheck | undefined} */
  let right;
  /** What is shown. @type {GradientCheck | undefined} */
  let check;
  let looked = 0;
  /** Of several questions, the last one is answered. */
  let asking = 0;

  const state = byId('state', HTMLElement);
  const judged = byId('judged', HTMLElement);
  const toPlayground = byId('to-playground', HTMLAnchorElement);
  const back = byId('one-back', HTMLButtonElement);
  const on = byId('one-step', HTMLButtonElement);
  const parameter = byId('parameter', HTMLInputElement);
  /** Show a parameter in the pictures. @type {((at: number) => void)[]} */
  let shows = [];

  const visit = new Visit({ example: EXAMPLE, asked, began: () => {}, drawn, own });
  const { player } = visit;
  const mistakes = new Mistakes(byId('list', HTMLFormElement), {
    planted: (bugs) => {
      planted = new Set(bugs.map(nameOf));
      renew();
    },
    named,
    given: () => hidden && tell(t('given-up', { what: wordsOf(hidden.bug) }), 'right'),
  });

  on.addEventListener('click', () => player.step(1));
  back.addEventListener('click', () => player.seek(Math.max(0, (player.picture?.at.step ?? 0) - 1)));
  byId('hide', HTMLButtonElement).addEventListener('click', () => hide(1 + Math.floor(Math.random() * MOST)));
  byId('none', HTMLButtonElement).addEventListener('click', () => hide(null));
  toPlayground.addEventListener('click', () => (toPlayground.hash = visit.fragment));
  parameter.addEventListener('input', () => choose(Number(parameter.value)));
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width !== width) draw();
    width = contentRect.width;
  }).observe(byId('pictures', HTMLElement));
  visit.open(location.hash);

  /** @param {Map<string, string>} parts */
  function asked(parts) {
    planted = new Set((parts.get('bugs') ?? '').split(',').filter(Boolean));
    const asked = Number(parts.get('hidden'));
    forget(Number.isInteger(asked) && asked > 0 ? asked : null);
  }

  /** @param {number | null} under */
  function forget(under) {
    [number, hidden, isNamed] = [under, null, false];
    judged.hidden = true;
  }

  function own() {
    if (number !== null) return `&hidden=${number}`;
    return planted.size > 0 ? `&bugs=${[...planted].join(',')}` : '';
  }

  /** @param {number | null} under which number; none for no mistake at all */
  function hide(under) {
    planted.clear();
    forget(under);
    renew();
  }

  function drawn() {
    const { at } = /** @type {NonNullable<typeof player.picture>} */ (player.picture);
    back.disabled = at.step === 0;
    on.disabled = at.ended !== null;
    right = undefined;
    hidden = null;
    renew();
  }

  /** @param {Bug[]} bugs @returns {View} */
  const viewOf = (bugs) => ({
    view: 'gradient-check', bugs: bugs.map(({ bug, layer }) => ({ bug, layer })), language: document.documentElement.lang === 'zh' ? 'zh' : 'en',
  });

  /** The check with these mistakes, or why there is none. @param {Bug[]} bugs */
  async function checked(bugs) {
    const reply = await visit.look([viewOf(bugs)]);
    return { check: reply && eventOf(reply, 'gradient-check'), refused: reply && eventOf(reply, 'refused')?.message };
  }

  /** Ask for what is to be shown, and show it. */
  async function renew() {
    const own = ++asking;
    visit.keep();
    const waits = setTimeout(() => byId('verdict', HTMLElement).replaceChildren(h('p', { class: 'soft' }, t('checking'))), SLOW);
    await show(own);
    clearTimeout(waits);
  }

  /** @param {number} own the question that is answered */
  async function show(own) {
    if (!right) {
      const { check: found, refused } = await checked([]);
      if (own !== asking) return;
      refuse(visit, refused, MOST_PARAMETERS);
      byId('check', HTMLElement).hidden = !found;
      right = found;
      if (!right) return;
    }
    const { bugs } = right;
    const missing = [...planted].filter((name) => !bugs.some((bug) => nameOf(bug) === name));
    missing.forEach((name) => planted.delete(name));
    if (missing.length > 0) visit.notice(t('no-place', { bugs: missing.join(', ') }), true);
    if (number !== null && hidden?.number !== number) {
      const found = await hiddenUnder(bugs, number, async (bug) => (await checked([bug])).check ?? null);
      if (own !== asking) return;
      hidden = found;
    }
    const made = bugs.filter((bug) => planted.has(nameOf(bug)));
    const { check: wrong, refused } = hidden ? { check: hidden.check, refused: undefined } : made.length > 0 ? await checked(made) : { check: right, refused: undefined };
    if (own !== asking) return;
    check = wrong;
    mistakes.show(bugs, player.picture?.began.layers.length ?? 0, planted, hidden !== null);
    byId('mistakes-said', HTMLElement).textContent = t(hidden ? 'hidden-said' : 'plant-said', { number: number ?? 0 });
    state.textContent = t('of-the-step', { step: written((player.picture?.at.step ?? 0) + 1), m: right.examples });
    // The engine says so where a matrix cannot be compared.
    if (refused) byId('verdict', HTMLElement).replaceChildren(...ofShapes(made.map(({ place }) => place), made.length === 1));
    draw();
    visit.keep();
  }

  /** Draw what is known. */
  function draw() {
    byId('pictures', HTMLElement).hidden = !check;
    if (!check || !right) return;
    byId('verdict', HTMLElement).replaceChildren(...verdict(check, hidden !== null && !isNamed));
    byId('table', HTMLElement).replaceChildren(table(check));
    parameter.max = String(check.names.length - 1);
    looked = Math.min(looked, check.names.length - 1);
    const choosing = (/** @type {number} */ at) => choose(at);
    shows = [scatter(byId('scatter', HTMLElement), check, choosing), stems(byId('stems', HTMLElement), check, choosing)];
    epsilons(byId('epsilons', HTMLElement), right, check === right ? null : check);
    legends(check);
    const [epsilon, least] = best(right);
    byId('best', HTMLElement).textContent = t('best', { epsilon: power(Math.round(Math.log10(epsilon))), least: plain(least, 2) });
    choose(looked);
  }

  /** What the marks mean, and how many there are of each. @param {GradientCheck} shown */
  function legends(shown) {
    const sample = (/** @type {Element} */ drawn) => {
      const room = svg('svg', { width: 14, height: 14, viewBox: '0 0 14 14', 'aria-hidden': 'true' });
      room.append(drawn);
      return room;
    };
    const kinds = [...counts(shown)].filter(([, count]) => count > 0);
    byId('kinds', HTMLElement).replaceChildren(...kinds.map(([kind, count]) => h('li', {}, sample(mark(kind, 7, 7)), t('kind', { kind: t(`verdict-${kind}`), n: count }))));
    byId('curves', HTMLElement).replaceChildren(
      h('li', {}, h('span', { class: 'dash learned' }), t('curve-right')),
      ...(shown === right ? [] : [h('li', {}, h('span', { class: 'dash held' }), t('curve-wrong'))]));
  }

  /** Look at a parameter. @param {number} at */
  function choose(at) {
    if (!check) return;
    looked = at;
    parameter.value = String(at);
    const said = sentence(check, at);
    parameter.setAttribute('aria-valuetext', said);
    byId('parameter-said', HTMLOutputElement).textContent = said;
    shows.forEach((show) => show(at));
  }

  /** @param {Plantable} bug */
  const wordsOf = ({ place, words }) => t('place-words', { place, words });

  /** Its findings in a sentence. @param {GradientCheck} check */
  const together = ({ findings }) => findings.join(t('further'));

  /** The answer to a hidden mistake. @param {Plantable} bug */
  async function named(bug) {
    if (!hidden) return;
    const [said, what] = [wordsOf(bug), wordsOf(hidden.bug)];
    const found = together(hidden.check);
    if (nameOf(bug) === nameOf(hidden.bug)) {
      tell(t('named-right', { what, found }), 'right');
      return;
    }
    const { check: own } = await checked([bug]);
    if (!own) tell(t('named-shape', { said }), 'wrong');
    else if (isSameGradient(own, hidden.check)) tell(t('named-alike', { said, what }), 'right');
    else if (own.findings.length === 0) tell(t('named-unseen', { said }), 'wrong');
    else tell(t('named-wrong', { said, would: together(own) }), 'wrong');
  }

  /** @param {string} text @param {'right' | 'wrong'} kind */
  function tell(text, kind) {
    judged.textContent = `${kind === 'right' ? '✓' : '✕'} ${text}`;
    judged.hidden = false;
    judged.classList.toggle('bad', kind === 'wrong');
    isNamed ||= kind === 'right';
    draw();
  }

  return {
    spoke() {
      judged.hidden = true;
      if (player.picture) drawn();
    },
    // The pictures are of the page's own colours.
    dyed() {},
  };
}
