// The room of one unit starts here.

import { byId, translate } from '../common/dom.js';
import { head } from '../common/head.js';
import { learn } from '../common/words.js';
import { unitRoom } from './room.js';
import { en, zh } from './words.js';

/** @type {ReturnType<typeof unitRoom> | undefined} */
let room;
learn({ en, zh });
// The fragment of the address is a training, and no place on the page.
byId('skip', HTMLAnchorElement).addEventListener('click', (event) => {
  event.preventDefault();
  byId('arithmetic', HTMLElement).focus();
});
head('unit', { spoke: () => room?.spoke(), dyed: () => room?.dyed() });
translate();
room = unitRoom();
