// What a diagnosis says, in words, with buttons for what may help.

/** @import { Advised, Diagnosed, Found } from '../session/protocol.d.ts' */
import { h } from '../common/dom.js';
import { t } from '../common/words.js';

/**
 * @typedef {object} Acts
 * @property {(advised: Advised) => (() => void) | null} [act] carries an advice out; none where the page cannot
 */

/** @param {Diagnosed} diagnosed @param {Acts} acts @returns {HTMLElement[]} */
export function findingsOf({ findings, open, all_clear: clear }, acts = {}) {
  const parts = findings.map((found) => finding(found, acts));
  const said = clear ? [h('p', { class: clear.is_health ? 'clear good' : 'clear' }, sentence(clear.text))] : [];
  const questions = open.length
    ? [h('details', { class: 'open' }, h('summary', { t: 'cannot-be-told' }), h('ul', {}, ...open.map(({ text }) => h('li', {}, sentence(text)))))]
    : [];
  return [...said, ...parts, ...questions];
}

/** @param {Found} found @param {Acts} acts */
function finding({ code, name, certainty, text, advice }, { act }) {
  const heading = h('h3', {}, capital(name), ' ', h('span', { class: 'certainty', t: `certainty-${certainty}` }));
  const more = h('a', { 't-document': `handbook/diagnosis#${code}`, t: 'diagnosis-more' });
  const helps = act ? advice.map((advised) => help(advised, act(advised))) : [];
  return h('article', { class: `finding is-${certainty}`, 'data-code': code }, heading, h('p', {}, text, ' ', more),
    ...(helps.length ? [h('div', { class: 'buttons' }, ...helps)] : []));
}

/** A button, or words where the page has no knob for it. @param {Advised} advised @param {(() => void) | null} act */
function help({ words, is_on_the_way: isOnTheWay }, act) {
  if (!act) return h('span', { class: 'soft' }, words);
  const button = h('button', { type: 'button' }, words);
  if (!isOnTheWay) button.append(' ', h('span', { class: 'soft', t: 'advice-anew' }));
  button.addEventListener('click', act);
  return button;
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
/** @param {string} text */
const sentence = (text) => `${capital(text)}${t('full-stop')}`;
