// All of a unit's numbers for one example, in the order in which they are computed.

/** @import { UnitOpened } from '../session/protocol.d.ts' */
/** @import { Picture } from '../session/player.js' */
/** @import { Settings } from '../session/settings.js' */
/** @import { Place } from '../draw/network-plan.js' */
import { h } from '../common/dom.js';
import { t } from '../common/words.js';
import { backward } from './backward.js';
import { forward } from './forward.js';
import { learning } from './learning.js';

/**
 * @typedef {object} Scene
 * @property {UnitOpened} opened
 * @property {Picture} picture
 * @property {Settings} settings
 * @property {Place} place
 * @property {{ isOpen: boolean }} fold of long sums
 */

/** @param {Scene} scene */
export function arithmetic(scene) {
  const part = (/** @type {string} */ name, /** @type {HTMLElement[]} */ steps) =>
    h('section', { class: 'pass', id: `pass-${name}`, 'aria-labelledby': `title-${name}` },
      h('h3', { id: `title-${name}` }, t(`pass-${name}`)), h('p', { class: 'soft' }, t(`pass-${name}-said`)), ...steps);
  return [part('forward', forward(scene)), part('backward', backward(scene)), part('learning', learning(scene))];
}
