// What was changed on the way, as a list; each entry goes to its instant.

/** @import { Course } from '../session/settings.js' */
import { byId, h } from '../common/dom.js';
import { valueSaid } from '../common/said.js';
import { differences } from '../session/settings.js';
import { t, written } from '../common/words.js';

/** @param {Course} course @param {(step: number) => void} seek */
export function turnsOf({ start, turns }, seek) {
  const room = byId('turns', HTMLElement);
  let before = start;
  const entries = turns.map(({ step, set, settings }) => {
    let said = t('turn-weight', { value: set?.[1] ?? '' });
    if (settings) {
      said = differences(before, settings).map((key) => (key === 'net' ? t('net-units') : t('turn-knob', { what: t(`knob-${key}`), value: valueSaid(key, settings[key]) }))).join(', ');
      before = settings;
    }
    const button = h('button', { type: 'button' }, t('turn-at', { step: written(step), said }));
    button.addEventListener('click', () => seek(step));
    return h('li', {}, button);
  });
  byId('turns-list', HTMLElement).replaceChildren(...entries);
  room.hidden = entries.length === 0;
}
