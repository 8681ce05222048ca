// The page starts here.

import { byId, h } from '../common/dom.js';
import { head } from '../common/head.js';
import { playground } from './playground.js';

/** @type {ReturnType<typeof playground> | undefined} */
let room;
// The fragment of the address is a training, and no place on the page.
byId('skip', HTMLAnchorElement).addEventListener('click', (event) => {
  event.preventDefault();
  const [map, none] = [byId('boundary', HTMLElement), byId('no-plane', HTMLElement)];
  (none.hidden ? map : none).focus();
});
head('playground', { spoke: () => room?.spoke(), dyed: () => room?.dyed() });
byId('ways', HTMLElement).append(h('button', { type: 'button', id: 'share', t: 'share' }));
room = playground();
