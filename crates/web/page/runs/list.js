// The list of runs and studies, to choose from.

/** @import { Listed, ListedRun, ListedStudy } from './shown.d.ts' */
import { byId, h } from '../common/dom.js';
import { t } from '../common/words.js';
import { scored } from './numbers.js';

/** @typedef {{ runs: string[], study: { place: string, name: string } | null }} Chosen */

/** How long ago something was written. @param {number} seconds */
export function aged(seconds) {
  /** @type {[string, number][]} */
  const units = [['days', 86400], ['hours', 3600], ['minutes', 60], ['seconds', 1]];
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? ['seconds', 1];
  return t(`age-${unit}`, { count: Math.floor(seconds / length) });
}

/** @param {string} place */
export const named = (place) => place || t('this-directory');

/** @param {ListedRun} run */
function said({ ended, age, score }) {
  const parts = [ended ? t(`run-${ended}`) : t('run-goes-on', { age: aged(age) })];
  if (score !== null) parts.push(t('score-is', { score: scored(score) }));
  return parts.join(' · ');
}

/** @typedef {{ key: string, name: string, said: string, isChosen: boolean, choose: (isChosen: boolean) => void }} Entry */

/**
 * Draw it.
 * @param {Listed} listed @param {Chosen} chosen
 * @param {{ run: (place: string, isChosen: boolean) => void, study: (study: ListedStudy) => void }} on
 */
export function drawList(listed, chosen, on) {
  fill('runs', 'checkbox', listed.runs.map((run) => ({
    key: run.place,
    name: named(run.place),
    said: said(run),
    isChosen: chosen.runs.includes(run.place),
    choose: (isChosen) => on.run(run.place, isChosen),
  })));
  fill('studies', 'radio', listed.studies.map((study) => ({
    key: `${study.place} ${study.name}`,
    name: study.name,
    said: `${named(study.place)} · ${aged(study.age)}`,
    isChosen: chosen.study?.place === study.place && chosen.study.name === study.name,
    choose: () => on.study(study),
  })));
}

/** What is there already stays, under the mouse and with its focus, and says what is new. @param {'runs' | 'studies'} id @param {string} type @param {Entry[]} entries */
function fill(id, type, entries) {
  const list = byId(id, HTMLElement);
  const there = new Map([...list.children].map((item) => [/** @type {HTMLElement} */ (item).dataset.key, item]));
  const items = entries.map((entry) => {
    const item = there.get(entry.key) ?? made(id, type, entry);
    const [input, name, soft] = /** @type {[HTMLInputElement, Element, Element]} */ ([...item.querySelectorAll('input, span')]);
    if (input.checked !== entry.isChosen) input.checked = entry.isChosen;
    if (name.textContent !== entry.name) name.textContent = entry.name;
    if (soft.textContent !== entry.said) soft.textContent = entry.said;
    return item;
  });
  const wanted = items.length ? items : [h('li', { class: 'soft' }, t(`no-${id}`))];
  const isSame = wanted.length === list.children.length && wanted.every((item, at) => item === list.children[at]);
  if (isSame) return;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  list.replaceChildren(...wanted);
  if (focused?.isConnected) focused.focus();
}

/** @param {string} id @param {string} type @param {Entry} entry */
function made(id, type, { key, choose }) {
  const input = h('input', { type, name: id });
  input.addEventListener('change', () => choose(input.checked));
  return h('li', { 'data-key': key }, h('label', {}, input, h('span', { class: 'name' }), h('span', { class: 'soft' })));
}
