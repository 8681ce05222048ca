// The clinic starts here.

import { byId } from '../common/dom.js';
import { head } from '../common/head.js';
import { learn } from '../common/words.js';
import { clinic } from './clinic.js';
import { en, zh } from './words.js';

learn({ en, zh });
/** @type {ReturnType<typeof clinic> | undefined} */
let room;
// The fragment of the address is a patient, and no place on the page.
byId('skip', HTMLAnchorElement).addEventListener('click', (event) => {
  event.preventDefault();
  byId('case-title', HTMLElement).focus();
});
head('clinic', { spoke: () => room?.spoke(), dyed: () => room?.dyed() });
room = clinic();
