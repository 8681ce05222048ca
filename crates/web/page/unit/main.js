// The room of one unit starts here.

import { byId, translate } from '../common/dom.js';
import { head, skipTo } from '../common/head.js';
import { learn } from '../common/words.js';
import { unitRoom } from './room.js';
import { en, zh } from './words.js';

/** @type {ReturnType<typeof unitRoom> | undefined} */
let room;
learn({ en, zh });
skipTo(() => byId('arithmetic', HTMLElement));
head('unit', { spoke: () => room?.spoke(), dyed: () => room?.dyed() });
translate();
room = unitRoom();
