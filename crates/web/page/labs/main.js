// The room of the labs: each item beside its live counterpart.

/** @import { Exercise, Item, Lab } from './items.js' */
import { BESIDE } from '../common/beside.js';
import { byId, h, translate } from '../common/dom.js';
import { head } from '../common/head.js';
import { ROOMS } from '../common/rooms.js';
import { learn } from '../common/words.js';
import { LABS } from './items.js';
import { en, zh } from './words.js';

/** The words of the library, by the names of what they say. @param {'en' | 'zh'} language */
function words(language) {
  /** @type {Record<string, string>} */
  const said = {};
  for (const { key, title, items, exercises } of LABS) {
    said[`lab-${key}`] = title[language];
    for (const { id, title, question } of items) {
      said[`title-${id}`] = title[language];
      said[`question-${id}`] = question[language];
    }
    for (const { id, title } of exercises) said[`exercise-${id}`] = `${id} ${title[language]}`;
  }
  return said;
}

/** @param {Lab} lab */
function lab({ key, race, items, exercises }) {
  const track = ROOMS.find(({ name }) => name === 'race');
  const titled = h('h2', { id: `${key}-title` }, h('a', { href: `#${key}`, t: `lab-${key}` }));
  return h('section', { id: key, class: 'lab', 'aria-labelledby': `${key}-title` },
    titled,
    h('p', { class: 'asks', t: `asks-${key}` }),
    h('p', { class: 'soft', t: `differs-${key}` }),
    ...items.map(item),
    ...(race && track ? [together(key, track.file, race)] : []),
    h('div', { class: 'panel exercises' },
      h('h3', { t: 'exercises' }),
      h('p', { class: 'soft', t: BESIDE ? 'exercises-said' : 'exercises-elsewhere' }),
      h('ul', {}, ...exercises.map(exercise))));
}

/** The variants of a lab side by side. @param {string} key of the lab @param {string} file @param {string} race */
function together(key, file, race) {
  return h('div', { class: 'panel' },
    h('h3', { t: 'together' }),
    h('p', { t: 'together-said' }),
    h('a', { class: 'live', 'data-file': file, 'data-training': race, t: 'open-in-race', 'aria-describedby': `${key}-title` }));
}

/** @param {Item} item */
function item({ id, room, training }) {
  const there = ROOMS.find(({ name }) => name === room);
  const live = there && [
    h('p', {}, h('strong', { t: 'watch' }), ' ', h('span', { t: `watch-${id}` })),
    h('a', { class: 'live', 'data-file': there.file, 'data-training': training, t: `open-in-${room}`, 'aria-describedby': `${id}-title` }),
  ];
  return h('article', { id, class: 'panel item', 'aria-labelledby': `${id}-title` },
    h('div', {},
      h('h3', { id: `${id}-title` }, h('a', { href: `#${id}`, t: `title-${id}` })),
      h('p', { t: `question-${id}` }),
      h('a', { class: 'read', 't-report': `index#${id}`, t: 'in-the-report', 'aria-describedby': `${id}-title` })),
    h('div', {}, ...(live ?? [])));
}

/** @param {Exercise} exercise */
function exercise({ id }) {
  const t = `exercise-${id}`;
  return h('li', {}, BESIDE ? h('a', { 't-report': `exercises#exercise-${id}`, t }) : h('span', { t }));
}

/** The trainings open in the language of now. */
function spoke() {
  for (const link of document.querySelectorAll('a.live')) {
    if (!(link instanceof HTMLAnchorElement)) continue;
    const { file, training } = link.dataset;
    link.href = `${file}?lang=${document.documentElement.lang}${training}`;
  }
}

learn({ en: { ...words('en'), ...en }, zh: { ...words('zh'), ...zh } });
byId('to-labs', HTMLElement).replaceChildren(...LABS.map(({ key }) => h('li', {}, h('a', { href: `#${key}`, t: `lab-${key}` }))));
byId('reading', HTMLElement).replaceChildren(...(BESIDE
  ? [h('a', { 't-report': 'index', t: 'whole-report' }), ' · ', h('a', { 't-document': 'course/student', t: 'how-to-work' })]
  : [h('span', { t: 'report-elsewhere' }), ' ', h('a', { 't-document': 'course/student', t: 'how-to-work' })]));
byId('labs', HTMLElement).replaceChildren(...LABS.map(lab));
head('labs', { spoke, dyed: () => {} });
translate();
spoke();
// The item of the address is there only now.
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
