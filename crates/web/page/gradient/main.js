// The room of the gradient check starts here.

import { byId, translate } from '../common/dom.js';
import { head } from '../common/head.js';
import { learn } from '../common/words.js';
import { gradientRoom } from './room.js';
import { en, zh } from './words.js';

/** @type {ReturnType<typeof gradientRoom> | undefined} */
let room;
learn({ en, zh });
// The fragment of the address is a training, and no place on the page.
byId('skip', HTMLAnchorElement).addEventListener('click', (event) => {
  event.preventDefault();
  byId('check', HTMLElement).focus();
});
head('gradient', { spoke: () => room?.spoke(), dyed: () => room?.dyed() });
translate();
room = gradientRoom();
