// The link for a class, and the result that somebody hands in.

/** @import { Outcome, Round } from './round.js' */
import { byId, h, translate } from '../common/dom.js';
import { stepper } from '../common/stepper.js';
import { t } from '../common/words.js';
import { fragmentOf, MOST_PATIENTS, MOST_POINTS, MOST_SEED, pointsOf } from './round.js';

const PATIENTS = [3, 5, 10, 20];
const USUAL = 5;

/** The dialogue that makes a link. @param {() => Round} now */
export function classLink(now) {
  const dialog = byId('class', HTMLDialogElement);
  const wanted = { seed: 1, patients: USUAL };
  const link = h('textarea', { id: 'class-text', readonly: true, rows: 2, spellcheck: 'false' });
  const heard = h('p', { role: 'status' });
  const write = () => {
    link.value = `${location.origin}${location.pathname}${fragmentOf({ ...wanted, difficulty: now().difficulty, at: 0 })}`;
    heard.textContent = '';
  };
  /** @param {'seed' | 'patients'} key @param {number} least @param {number} most @param {number[]} [ladder] */
  const number = (key, least, most, ladder) => {
    const { element, input, show } = stepper({
      id: `class-${key}`,
      ladder,
      ...(ladder ? {} : { up: (value) => Math.min(most, value + 1), down: (value) => Math.max(least, value - 1) }),
      changed(value, text) {
        const isRight = Number.isInteger(value) && value >= least && value <= most;
        input.setAttribute('aria-invalid', String(!isRight));
        if (isRight) wanted[key] = value;
        if (isRight) show(value);
        write();
        if (!isRight) heard.textContent = t('expected-whole', { least, most, got: text });
      },
    });
    show(wanted[key]);
    return h('div', { class: 'knob' }, h('label', { for: `class-${key}`, t: `class-${key}` }), element);
  };
  byId('class-parts', HTMLElement).append(
    h('div', { class: 'pair' }, number('patients', 1, MOST_PATIENTS, PATIENTS), number('seed', 0, MOST_SEED)),
    h('div', { class: 'head' }, h('label', { for: 'class-text', t: 'share-link' }), copyOf(link, heard)), link, heard,
  );
  byId('class-link', HTMLButtonElement).addEventListener('click', () => {
    write();
    translate(dialog);
    dialog.showModal();
  });
  byId('class-close', HTMLButtonElement).addEventListener('click', () => dialog.close());
}

/** @param {HTMLTextAreaElement} area @param {HTMLElement} heard */
function copyOf(area, heard) {
  const copy = h('button', { type: 'button', t: 'copy' });
  copy.addEventListener('click', () => copied(area, heard));
  return copy;
}

/** @param {HTMLTextAreaElement} area @param {HTMLElement} heard */
async function copied(area, heard) {
  try {
    await navigator.clipboard.writeText(area.value);
    heard.textContent = t('copied');
  } catch {
    area.select();
    heard.textContent = t('not-copied');
  }
}

/** The dialogue at the end of a round. */
export function resultDialog() {
  const dialog = byId('result', HTMLDialogElement);
  const area = byId('result-text', HTMLTextAreaElement);
  const heard = byId('result-heard', HTMLElement);
  byId('result-close', HTMLButtonElement).addEventListener('click', () => dialog.close());
  byId('result-copy', HTMLButtonElement).addEventListener('click', () => copied(area, heard));
  return {
    /** @param {Round} round @param {Outcome[]} outcomes */
    show(round, outcomes) {
      area.value = resultOf(round, outcomes);
      heard.textContent = '';
      dialog.showModal();
    },
  };
}

/** The result as text. @param {Round} round @param {Outcome[]} outcomes */
export function resultOf(round, outcomes) {
  const points = outcomes.map((outcome) => {
    const { naming, healing } = pointsOf(outcome);
    return naming + healing;
  });
  const sum = points.reduce((sum, of) => sum + of, 0);
  const lines = outcomes.map(({ faults, answers, trials }, at) =>
    t('result-patient', {
      n: at + 1,
      faults: (faults.length ? faults : ['healthy']).map((name) => (name === '?' ? name : t(`fault-${name}`))).join(' + '),
      named: answers ? t('result-named', { n: answers }) : t('result-not-named'),
      healed: trials ? t('result-healed', { n: trials }) : t('result-not-healed'),
      points: points[at],
    }));
  return [
    t('result-head', { seed: round.seed, difficulty: t(`difficulty-${round.difficulty}`), n: outcomes.length }),
    ...lines,
    t('result-sum', { points: sum, most: MOST_POINTS * outcomes.length }),
  ].join('\n');
}
