// The head of every room: where one is, the other rooms, language and colours.

import { appearance } from './appearance.js';
import { byId, h } from './dom.js';
import { ROOMS } from './rooms.js';

/**
 * Build it into `#head`; the words of the room are learned by then.
 * @param {string} name of the room
 * @param {{ spoke: () => void, dyed: () => void }} on another language, other colours
 */
export function head(name, on) {
  document.documentElement.dataset.room = name;
  const links = ROOMS.map(({ name: other, file, isOfTraining }) => {
    const link = h('a', { href: file, t: `room-${other}`, 'aria-current': other === name ? 'page' : undefined });
    // The training goes along, as it is when the link is followed.
    const carry = () => (link.hash = isOfTraining && here?.isOfTraining ? location.hash : '');
    for (const event of ['pointerdown', 'focus', 'pointerenter']) link.addEventListener(event, carry);
    return link;
  });
  const here = ROOMS.find((room) => room.name === name);
  const choices = ['auto', 'light', 'dark'].map((theme) => h('option', { value: theme, t: `theme-${theme}` }));
  byId('head', HTMLElement).replaceChildren(
    h('h1', {}, h('span', { class: 'brand' }, 'nablab'), ' ', h('span', { class: 'unseen', t: `room-${name}` })),
    h('nav', { class: 'rooms', 't-label': 'rooms' }, ...links, h('a', { 't-document': 'README', t: 'documents' })),
    h('div', { class: 'ways' }, h('span', { id: 'ways', class: 'ways' }), h('select', { id: 'theme', 't-label': 'theme' }, ...choices), h('button', { type: 'button', id: 'language', t: 'language' })),
  );
  appearance(on);
}

/**
 * Where the link goes that skips the head. The fragment of an address is what the room shows, and no place on the page.
 * @param {() => HTMLElement} place
 */
export function skipTo(place) {
  byId('skip', HTMLAnchorElement).addEventListener('click', (event) => {
    event.preventDefault();
    place().focus();
  });
}
