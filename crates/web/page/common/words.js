// What the page says, in the language of now.

import { en } from './words-en.js';
import { zh } from './words-zh.js';

/** @type {Record<string, Record<string, string>>} */
const LANGUAGES = { en: { ...en }, zh: { ...zh } };

let words = LANGUAGES.en;

/** The words of a room, beside those of all. @param {{ en: Record<string, string>, zh: Record<string, string> }} room */
export function learn(room) {
  Object.assign(LANGUAGES.en, room.en);
  Object.assign(LANGUAGES.zh, room.zh);
}

/** @param {string} language */
export function speak(language) {
  words = LANGUAGES[language] ?? LANGUAGES.en;
  document.documentElement.lang = language in LANGUAGES ? language : 'en';
  document.title = `nablab · ${t(`room-${document.documentElement.dataset.room}`)}`;
}

/** Words with these values in their gaps. @param {string} key @param {Record<string, string | number>} [values] */
export function t(key, values = {}) {
  const said = words[key];
  if (said === undefined) throw new Error(`no words for ${key}`);
  return said.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** A count as people write it. @param {number} count */
export const written = (count) => Math.round(count).toLocaleString(document.documentElement.lang);
/** Four digits that tell, however large it is. @param {number} loss */
export const short = (loss) => (loss < 1000 ? loss.toFixed(loss < 10 ? 4 : 2) : loss.toExponential(2));
/** @param {number} share */
export const percent = (share) => `${(100 * share).toFixed(share > 0.9995 || share === 0 ? 0 : 1)} %`;
