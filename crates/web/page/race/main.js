// The room starts here.

import { byId } from '../common/dom.js';
import { head, skipTo } from '../common/head.js';
import { learn } from '../common/words.js';
import { room } from './race.js';
import { en, zh } from './words.js';

learn({ en, zh });
/** @type {ReturnType<typeof room> | undefined} */
let race;
skipTo(() => byId('lanes', HTMLElement));
head('race', { spoke: () => race?.spoke(), dyed: () => race?.dyed() });
race = room();
