// The room starts here.

import { byId } from '../common/dom.js';
import { head } from '../common/head.js';
import { learn } from '../common/words.js';
import { room } from './race.js';
import { en, zh } from './words.js';

learn({ en, zh });
/** @type {ReturnType<typeof room> | undefined} */
let race;
// The fragment of the address is a race, and no place on the page.
byId('skip', HTMLAnchorElement).addEventListener('click', (event) => {
  event.preventDefault();
  byId('lanes', HTMLElement).focus();
});
head('race', { spoke: () => race?.spoke(), dyed: () => race?.dyed() });
race = room();
