// The page starts here.

import { appearance } from './appearance.js';
import { byId } from './dom.js';
import { playground } from './playground.js';

/** @type {ReturnType<typeof playground> | undefined} */
let room;
// The fragment of the address is a training, and no place on the page.
byId('skip', HTMLAnchorElement).addEventListener('click', (event) => {
  event.preventDefault();
  byId('boundary', HTMLElement).focus();
});
appearance({ spoke: () => room?.spoke(), dyed: () => room?.dyed() });
room = playground();
