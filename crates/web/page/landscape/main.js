// The room of the landscape: a training for each cell of a map over two numbers of a recipe.

import { byId, translate } from '../common/dom.js';
import { head, skipTo } from '../common/head.js';
import { learn } from '../common/words.js';
import { Room } from './room.js';
import { en, zh } from './words.js';

learn({ en, zh });
/** @type {Room | undefined} */
let room;
skipTo(() => byId('map', HTMLElement));
head('landscape', { spoke: () => room?.spoke(), dyed: () => room?.dyed() });
byId('notice', HTMLElement).hidden = true;
room = new Room();
translate();
