// After the answer: what was wrong, what showed it, and what heals it.

/** @import { Diagnosed, Revealed } from '../session/protocol.d.ts' */
/** @import { Settings } from '../session/settings.js' */
import { byId, h, translate } from '../common/dom.js';
import { findingsOf } from '../draw/findings.js';
import { changeOf } from '../session/recipes.js';
import { differences } from '../session/settings.js';
import { t } from '../common/words.js';

/**
 * @param {Revealed} revealed
 * @param {Diagnosed} diagnosed the patient at the end of its training
 * @param {Settings | null} sick where the cure is to be said, too
 */
export function explain({ faults, cure }, diagnosed, sick) {
  const room = byId('why-said', HTMLElement);
  byId('why', HTMLElement).hidden = false;
  const parts = faults.flatMap(({ name, shown_as: shownAs }) => {
    const shown = diagnosed.findings.filter(({ code }) => code === name || shownAs.includes(code));
    if (shown.length) return findingsOf({ ...diagnosed, findings: shown, open: [], all_clear: null });
    // One fault can hide another: then the list says it, and the handbook.
    return [h('article', { class: 'finding' }, h('h3', { t: `fault-${name}` }),
      h('p', {}, h('span', { t: `fault-${name}-said` }), ' ', h('span', { t: 'hidden-fault' }), ' ', h('a', { 't-document': `handbook/diagnosis#${name}`, t: 'diagnosis-more' })))];
  });
  if (faults.length === 0) parts.push(h('p', { t: 'was-healthy' }));
  const change = changeOf(cure);
  if (sick && change && faults.length) {
    const after = { ...sick, ...change };
    const said = differences(sick, after).map((key) => h('li', {}, t('cure-knob', { what: t(key === 'net' ? 'net-units' : `knob-${key}`), before: written(key, sick), after: written(key, after) })));
    parts.push(h('div', { class: 'cure' }, h('h3', { t: 'a-cure' }), h('ul', {}, ...said)));
  }
  room.replaceChildren(...parts);
  translate(room);
}

/** @param {keyof Settings} key @param {Settings} settings */
function written(key, settings) {
  if (key === 'net') {
    return settings.net.map(({ units, activation, dropout }) => `${units} ${t(`activation-${activation}`)}${dropout ? `, ${t('dropout')} ${dropout}` : ''}`).join(' → ');
  }
  if (key === 'batch' && settings.batch === 0) return t('all');
  const value = settings[key];
  return typeof value === 'string' ? t(`${key}-${value}`) : String(value);
}
