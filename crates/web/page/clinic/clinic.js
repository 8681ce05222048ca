// The room of sick trainings: look, name what is wrong, heal it, and see on twenty seeds whether it is healed.

/** @import { Diagnosed, Difficulty, Request, Revealed, Treated } from '../session/protocol.d.ts' */
/** @import { Settings } from '../session/settings.js' */
/** @import { Outcome, Round } from './round.js' */
import { byId, translate } from '../common/dom.js';
import { t, written } from '../common/words.js';
import { playground } from '../playground/playground.js';
import { newSession } from '../session/open.js';
import { Refusal } from '../session/player.js';
import { settingsOf } from '../session/recipes.js';
import { EngineError, eventOf } from '../session/session.js';
import { copyOf, recipeOf } from '../session/settings.js';
import { classLink, resultDialog } from './class.js';
import { HEALTHY, Naming } from './naming.js';
import { fragmentOf, keep, MOST_POINTS, outcomesOf, pointsOf, roundOf, SKIPPED } from './round.js';
import { Trials, TRIALS } from './trials.js';
import { explain } from './why.js';

/**
 * @typedef {object} Case the patient that is there
 * @property {number} seed
 * @property {Settings} sick as it came
 * @property {Revealed} revealed what only this page's script looks at before the answer
 * @property {Diagnosed} [diagnosed] at the end of its training
 * @property {boolean} isNamed the answer is known
 * @property {number} asked answers so far
 * @property {number} tried trials so far
 * @property {Outcome} outcome
 */

/** Whoever has tried so often and not healed it is told a cure. */
const TRIED = 3;

/** Build the room; the answer redraws it after a change of language or colours. */
export function clinic() {
  // What is looked at has a session of its own, so that trials hold nobody up.
  const session = newSession();
  const room = playground({ isGuest: true });
  const trials = new Trials();
  const naming = new Naming({ answered, gaveUp });
  const result = resultDialog();
  const next = byId('next-patient', HTMLButtonElement);
  const difficulty = byId('difficulty', HTMLSelectElement);
  const attempt = byId('try', HTMLButtonElement);
  /** @type {Round} */ let round = roundOf(location.hash).round;
  /** @type {Case | undefined} */ let patient;
  /** @type {Outcome[]} */ let outcomes = [];

  /** @param {Request} request */
  async function ask(request) {
    const reply = await session.ask(request);
    const refused = eventOf(reply, 'refused');
    if (refused) throw new Refusal(refused.message);
    return reply;
  }

  /** What fails is told once. @template T @param {() => Promise<T>} task */
  async function told(task) {
    try {
      await task();
    } catch (error) {
      if (error instanceof EngineError) room.notice(t(error.kind));
      else if (error instanceof Refusal) trials.refused(error.message);
      else throw error;
    }
  }

  /** The patient of the round that is its turn. */
  const receive = () => told(async () => {
    patient = undefined;
    const seed = round.seed + round.at;
    const which = { seed, difficulty: round.difficulty };
    const found = eventOf(await ask({ do: 'patient', ...which }), 'patient');
    const revealed = eventOf(await ask({ do: 'reveal', ...which }), 'revealed');
    if (!found || !revealed || seed !== round.seed + round.at) return;
    const sick = settingsOf(found.plan);
    const faults = revealed.faults.map(({ name }) => name);
    patient = { seed, sick, revealed, isNamed: false, asked: 0, tried: 0, outcome: { faults, answers: 0, trials: 0 } };
    naming.begin(found.choices, round.difficulty);
    trials.clear();
    room.notice();
    byId('why', HTMLElement).hidden = true;
    history.replaceState(null, '', `${location.pathname}${location.search}${fragmentOf(round)}`);
    head();
    await room.begin({ start: copyOf(sick), turns: [] });
  });

  function head() {
    const { seed, patients, at } = round;
    byId('case-title', HTMLElement).textContent = patients ? t('patient-of', { n: at + 1, of: patients }) : t('patient-n', { seed: seed + at });
    difficulty.value = round.difficulty;
    // Everybody in a class has the same patients.
    difficulty.disabled = patients > 0;
    next.textContent = t(patients && at + 1 === patients ? 'see-result' : 'next-patient');
    const points = outcomes.map(pointsOf).reduce((sum, { naming, healing }) => sum + naming + healing, 0);
    byId('case-said', HTMLElement).textContent = outcomes.length ? t('score', { points: written(points), most: written(MOST_POINTS * outcomes.length), n: written(outcomes.length) }) : '';
  }

  /** @param {string[]} names */
  function answered(names) {
    if (!patient || patient.isNamed) return;
    patient.asked += 1;
    const { faults } = patient.outcome;
    const right = faults.length ? faults : [HEALTHY];
    const hits = names.filter((name) => right.includes(name)).length;
    if (hits === right.length && names.length === right.length) {
      patient.outcome.answers = patient.asked;
      naming.say(() => t('named-right'));
      named();
    } else {
      const [misses, of] = [names.length - hits, names.length];
      naming.say(() => t(hits ? 'named-partly' : 'named-wrong', { hits, misses, of }));
    }
  }

  function gaveUp() {
    if (!patient || patient.isNamed) return;
    naming.say(() => t('told'));
    named();
  }

  /** The answer is known: say why. */
  function named() {
    const known = /** @type {Case} */ (patient);
    known.isNamed = true;
    naming.end(known.outcome.faults);
    told(async () => {
      await ask({ do: 'begin', plan: planOf(known) });
      await diagnose(known);
    });
  }

  /** @param {Case} known */
  async function diagnose(known) {
    const language = document.documentElement.lang === 'zh' ? 'zh' : 'en';
    const reply = await ask({ do: 'step', steps: Number.MAX_SAFE_INTEGER, views: [{ view: 'diagnosis', language }] });
    known.diagnosed = eventOf(reply, 'diagnosis');
    why();
  }

  /** @param {Case} known */
  const planOf = ({ sick }) => ({ data: { source: sick.data, samples: sick.samples, noise: sick.noise, seed: sick.points }, recipe: recipeOf(sick), changes: [] });

  function why() {
    if (!patient?.diagnosed) return;
    const { revealed, diagnosed, sick, outcome, tried } = patient;
    const isOver = outcome.trials > 0 || tried >= TRIED;
    explain(revealed, diagnosed, isOver ? sick : null);
    const { naming: of, healing } = pointsOf(outcome);
    byId('points', HTMLElement).textContent = t('points', { naming: of, healing, sum: of + healing, most: MOST_POINTS });
  }

  /** Twenty seeds, one after the other, by the knobs as they are. */
  const tryCure = () => told(async () => {
    if (!patient) return;
    const known = patient;
    const recipe = recipeOf(room.now());
    const which = { seed: known.seed, difficulty: round.difficulty };
    known.tried += 1;
    attempt.disabled = true;
    /** @type {Treated[]} */ const made = [];
    try {
      for (let trial = 0; trial < TRIALS; trial++) {
        const treated = eventOf(await ask({ do: 'treat', ...which, recipe, trial }), 'treated');
        // Somebody else's turn.
        if (patient !== known || !treated) return;
        made.push({ cure: treated.cure, healthy: treated.healthy });
        trials.progress(made);
      }
      const healed = eventOf(await ask({ do: 'healed', trials: made }), 'healed');
      if (patient !== known || !healed) return;
      trials.end(made, healed);
      if (healed.is_healed && known.outcome.trials === 0) known.outcome.trials = known.tried;
      if (known.isNamed) why();
    } catch (error) {
      // A cure that is refused was none.
      known.tried -= 1;
      throw error;
    } finally {
      attempt.disabled = false;
    }
  });

  /** The next one, or the end of the round. */
  function goOn() {
    const outcome = patient?.outcome ?? SKIPPED;
    if (!round.patients) {
      outcomes.push(outcome);
      round = { ...round, seed: round.seed + 1 };
    } else {
      outcomes = Array.from({ length: round.at + 1 }, (_, at) => (at === round.at ? outcome : (outcomes[at] ?? SKIPPED)));
      keep(round, outcomes);
      if (round.at + 1 === round.patients) {
        head();
        result.show(round, outcomes);
        return;
      }
      round = { ...round, at: round.at + 1 };
    }
    receive().then(() => byId('case-title', HTMLElement).focus());
  }

  next.addEventListener('click', goOn);
  difficulty.addEventListener('change', () => {
    round = { ...round, difficulty: /** @type {Difficulty} */ (difficulty.value) };
    outcomes = [];
    receive();
  });
  attempt.addEventListener('click', tryCure);
  byId('as-it-came', HTMLButtonElement).addEventListener('click', () => patient && room.begin({ start: copyOf(patient.sick), turns: [] }));
  classLink(() => round);

  /** What the address says. */
  function open() {
    const asked = roundOf(location.hash);
    round = asked.round;
    // As far as somebody has come: the patient that is there now is not over.
    outcomes = round.patients ? outcomesOf(round).slice(0, round.at) : [];
    receive().then(() => asked.wrong && room.notice(t('round-wrong', { part: asked.wrong })));
  }
  window.addEventListener('hashchange', open);
  translate();
  open();

  return {
    spoke() {
      room.spoke();
      head();
      trials.spoke();
      naming.spoke();
      if (patient?.diagnosed) told(() => diagnose(/** @type {Case} */ (patient)));
    },
    dyed: room.dyed,
  };
}
