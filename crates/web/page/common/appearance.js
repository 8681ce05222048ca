// Language, and light or dark: as the reader chose, or as the system has it.

import { byId, translate } from './dom.js';
import { speak, t } from './words.js';

/** @param {string} name */
const remembered = (name) => {
  try {
    return localStorage.getItem(`nablab-${name}`);
  } catch {
    return null;
  }
};
/** @param {string} name @param {string} value */
const remember = (name, value) => {
  try {
    localStorage.setItem(`nablab-${name}`, value);
  } catch {
    // A browser that keeps nothing is asked again next time.
  }
};

/** @param {{ spoke: () => void, dyed: () => void }} on */
export function appearance(on) {
  const theme = byId('theme', HTMLSelectElement);
  const language = byId('language', HTMLButtonElement);
  /** @param {string} chosen */
  const dye = (chosen) => {
    if (chosen === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
  };
  theme.value = remembered('theme') ?? 'auto';
  dye(theme.value);
  theme.addEventListener('change', () => {
    dye(theme.value);
    remember('theme', theme.value);
    on.dyed();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', on.dyed);

  /** @param {string} chosen */
  const say = (chosen) => {
    speak(chosen);
    translate();
    language.lang = t('language-code');
  };
  const asked = new URLSearchParams(location.search).get('lang');
  say(asked ?? remembered('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'));
  language.addEventListener('click', () => {
    const chosen = t('language-code');
    say(chosen);
    remember('language', chosen);
    on.spoke();
  });
}
