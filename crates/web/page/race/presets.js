// Variants at one click: those of the course's labs, made of the training at hand.

/** @import { Settings } from '../session/settings.js' */
import { changedBy } from '../session/settings.js';

/** λ and the share dropped, as in the course's lab on regularisation. */
const L2 = 0.7;
const DROPPED = 0.14;
/** Of a mini-batch, where the training at hand takes all points at once. */
const BATCH = 64;

/**
 * @typedef {object} Preset
 * @property {string} name words `preset-NAME`, and `course-NAME` of the lab
 * @property {string} item of the labs, whose training it is there
 * @property {(settings: Settings) => Settings[]} variants
 */

/** @param {Settings} settings @param {number} dropout */
const dropping = ({ net }, dropout) => net.map((layer) => ({ ...layer, dropout }));

/** @type {Preset[]} */
export const PRESETS = [
  {
    name: 'initialisers',
    item: 'initialization.3',
    variants: (settings) => ['zeros', 'large', 'he'].map((init) => changedBy(settings, { init })),
  },
  {
    name: 'regularisers',
    item: 'regularization.2',
    variants: (settings) => {
      const none = changedBy(settings, { l2: 0, l1: 0, net: dropping(settings, 0) });
      return [none, changedBy(none, { l2: L2 }), changedBy(none, { net: dropping(settings, DROPPED) })];
    },
  },
  {
    name: 'rules',
    item: 'optimization.7',
    variants: (settings) => {
      const batch = settings.batch || BATCH;
      const rules = ['gradient-descent', 'momentum', 'adam'].map((rule) => changedBy(settings, { rule, batch }));
      return [changedBy(settings, { rule: 'gradient-descent', batch: 0 }), ...rules];
    },
  },
];
