// Settings in words.

/** @import { Layer, Settings } from '../session/settings.js' */
import { differences, KNOBS } from '../session/settings.js';
import { t } from './words.js';

/** The value of a knob. @param {string} key @param {unknown} value */
export function valueSaid(key, value) {
  if (key === 'batch' && value === 0) return t('all');
  return typeof value === 'string' ? t(`${key}-${value}`) : String(value);
}

/**
 * What tells settings apart, a name for each: the knobs by which any differs from these, with their values.
 * @param {Settings} here
 * @param {Settings[]} variants
 */
export function namesOf(here, variants) {
  const all = /** @type {(keyof Settings)[]} */ ([...KNOBS.map(({ key }) => key), 'net']);
  const keys = all.filter((key) => variants.some((settings) => differences(here, settings).includes(key)));
  if (keys.length === 0) return variants.map(() => t('as-it-is'));
  return variants.map((settings) => {
    const said = keys.map((key) => (key === 'net' ? netSaid(settings.net, [here, ...variants].map(({ net }) => net)) : knobSaid(key, settings[key])));
    const words = said.filter(Boolean).join(', ') || keys.map((key) => t('without', { what: key === 'net' ? lower(t('dropout')) : nameOf(key) })).join(', ');
    return words[0].toUpperCase() + words.slice(1);
  });
}

/** Within a sentence. @param {string} words */
const lower = (words) => words.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
/** @param {string} key */
const nameOf = (key) => lower(t(`knob-${key}`));

/** Nothing of a penalty of 0. @param {Exclude<keyof Settings, 'net'>} key @param {unknown} value */
function knobSaid(key, value) {
  if ((key === 'l2' || key === 'l1') && value === 0) return '';
  if (key === 'batch' && value === 0) return t('full-batch');
  return typeof value === 'string' ? valueSaid(key, value) : t('knob-value', { what: nameOf(key), value: valueSaid(key, value) });
}

/** Units and activations only where they differ. @param {Layer[]} net @param {Layer[][]} nets */
function netSaid(net, nets) {
  const built = (/** @type {Layer[]} */ layers) => layers.map(({ units, activation }) => `${units} ${activation}`).join();
  const dropouts = net.map(({ dropout }) => dropout);
  const isUniform = dropouts.every((dropout) => dropout === dropouts[0]);
  const dropout = dropouts.some((share) => share > 0) ? t('knob-value', { what: lower(t('dropout')), value: isUniform ? dropouts[0] : dropouts.join('–') }) : '';
  if (nets.every((other) => built(other) === built(net))) return dropout;
  const activations = [...new Set(net.map(({ activation }) => t(`activation-${activation}`)))].join('–');
  const shape = net.length ? t('net-said', { units: net.map(({ units }) => units).join('–'), activations }) : t('net-none');
  return [shape, dropout].filter(Boolean).join(', ');
}
