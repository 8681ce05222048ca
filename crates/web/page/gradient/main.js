// The room of the gradient check starts here.

import { byId, translate } from '../common/dom.js';
import { head, skipTo } from '../common/head.js';
import { learn } from '../common/words.js';
import { gradientRoom } from './room.js';
import { en, zh } from './words.js';

/** @type {ReturnType<typeof gradientRoom> | undefined} */
let room;
learn({ en, zh });
skipTo(() => byId('check', HTMLElement));
head('gradient', { spoke: () => room?.spoke(), dyed: () => room?.dyed() });
translate();
room = gradientRoom();
