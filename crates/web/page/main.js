// The page starts here.

import { appearance } from './appearance.js';
import { playground } from './playground.js';

/** @type {ReturnType<typeof playground> | undefined} */
let room;
appearance({ spoke: () => room?.spoke(), dyed: () => room?.dyed() });
room = playground();
