// The page starts here.

import { byId, h } from '../common/dom.js';
import { head, skipTo } from '../common/head.js';
import { playground } from './playground.js';

/** @type {ReturnType<typeof playground> | undefined} */
let room;
skipTo(() => {
  const [map, none] = [byId('boundary', HTMLElement), byId('no-plane', HTMLElement)];
  return none.hidden ? map : none;
});
head('playground', { spoke: () => room?.spoke(), dyed: () => room?.dyed() });
byId('ways', HTMLElement).append(h('button', { type: 'button', id: 'share', t: 'share' }));
room = playground();
