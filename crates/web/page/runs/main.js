// The room of runs and studies: what lies in the directory of the server, and what changes there.

/** @import { Listed, Run, Study } from './shown.d.ts' */
/** @import { Chosen } from './list.js' */
import { byId, h, translate } from '../common/dom.js';
import { head, skipTo } from '../common/head.js';
import { learn, t } from '../common/words.js';
import { isServed } from '../session/served.js';
import { comparison, MOST_RUNS } from './compare.js';
import { fetched, Unshown } from './directory.js';
import { aged, drawList, named } from './list.js';
import { studied } from './study.js';
import { en, zh } from './words.js';

/** Milliseconds between two looks at the directory. */
const EVERY = 2000;

const shown = byId('shown', HTMLElement);
/** @type {Listed | undefined} */ let listed;
/** What was drawn last: what has not changed is not drawn again. @type {unknown[]} */
let drawn = [];

/** What the address says is chosen. @returns {Chosen} */
function chosen() {
  const said = new URLSearchParams(location.hash.slice(1));
  const study = said.get('study');
  return { runs: said.getAll('run').slice(0, MOST_RUNS), study: study === null ? null : { name: study, place: said.get('in') ?? '' } };
}

/** @param {Chosen} wanted */
function choose({ runs, study }) {
  const said = new URLSearchParams(runs.map((run) => ['run', run]));
  if (study) {
    said.set('study', study.name);
    said.set('in', study.place);
  }
  history.replaceState(null, '', `#${said}`);
  look();
}

/** @param {string} [sentence] @param {boolean} [isBad] */
function notice(sentence = '', isBad = false) {
  const place = byId('notice', HTMLElement);
  if (place.textContent !== sentence) place.textContent = sentence;
  place.hidden = sentence === '';
  place.classList.toggle('bad', isBad);
}

/** @type {Parameters<typeof drawList>[2]} */
const on = {
  run: (place, isChosen) => {
    const { runs, study } = chosen();
    const wanted = isChosen ? [...runs, place] : runs.filter((other) => other !== place);
    choose({ runs: wanted.slice(0, MOST_RUNS), study });
    if (wanted.length > MOST_RUNS) notice(t('most-runs', { most: MOST_RUNS }));
  },
  study: (study) => choose({ ...chosen(), study }),
};

let looks = Promise.resolve();
/** Look at the directory, and draw what has changed. */
function look() {
  return (looks = looks.then(looked));
}

async function looked() {
  const { runs, study } = chosen();
  try {
    listed = /** @type {Listed} */ (await fetched(''));
    const of = await Promise.all([...runs.map((place) => /** @type {Promise<Run>} */ (fetched('/run', { place }))), ...(study ? [/** @type {Promise<Study>} */ (fetched('/study', study))] : [])]);
    notice(listed.is_whole ? '' : t('not-whole'));
    drawList(listed, chosen(), on);
    draw(runs, study, of);
  } catch (error) {
    if (listed) drawList(listed, chosen(), on);
    notice(error instanceof Unshown ? error.message : t('server-away'), true);
  }
}

/** @param {string[]} places @param {Chosen['study']} study @param {(Run | Study)[]} of */
function draw(places, study, of) {
  const states = places.map(state);
  const now = [document.documentElement.lang, document.documentElement.dataset.theme, ...places, ...states, study?.place, study?.name, ...of];
  if (now.length === drawn.length && now.every((part, at) => part === drawn[at])) return;
  drawn = now;
  const open = new Set([...shown.querySelectorAll('details[open]')].map((details) => /** @type {HTMLElement} */ (details).dataset.place));
  const runs = places.map((place, at) => ({ place, run: /** @type {Run} */ (of[at]), state: states[at] }));
  const panels = [
    ...(runs.length ? [comparison(runs)] : []),
    ...(study ? [studied(study, /** @type {Study} */ (of[places.length]))] : []),
  ];
  shown.replaceChildren(...(panels.length ? panels.map(({ panel }) => panel) : [h('p', { class: 'soft', t: 'nothing-chosen' })]));
  translate(shown);
  for (const details of shown.querySelectorAll('details')) details.open = open.has(details.dataset.place);
  // A plot is as wide as its room, which it has only now.
  for (const { drawn } of panels) drawn();
}

/** How a run stands, in words. @param {string} place */
function state(place) {
  const run = listed?.runs.find((run) => run.place === place);
  if (!run) return named(place);
  return run.ended ? t(`run-${run.ended}`) : t('run-goes-on', { age: aged(run.age) });
}

learn({ en, zh });
head('runs', { spoke: look, dyed: look });
skipTo(() => shown);
if (isServed) {
  const again = async () => {
    if (!document.hidden) await look();
    setTimeout(again, EVERY);
  };
  window.addEventListener('hashchange', look);
  document.addEventListener('visibilitychange', look);
  again();
} else {
  notice(t('runs-elsewhere'));
}
