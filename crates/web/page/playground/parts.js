// Parts of the room that not every table has: the plane of two numbers, and the accuracy of classes.

/** @import { Picture } from '../session/player.js' */
import { byId } from '../common/dom.js';
import { t, written } from '../common/words.js';

/** @param {Picture} picture */
export function showParts({ began: { plane, features, is_classification } }) {
  const none = byId('no-plane', HTMLElement);
  none.hidden = plane !== null;
  none.textContent = plane === null ? t('no-plane', { n: written(features.length) }) : '';
  byId('plane-map', HTMLElement).hidden = plane === null;
  byId('maps-said', HTMLElement).hidden = plane === null;
  byId('accuracy-part', HTMLElement).hidden = !is_classification;
}
