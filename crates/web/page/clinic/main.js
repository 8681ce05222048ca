// The clinic starts here.

import { byId } from '../common/dom.js';
import { head, skipTo } from '../common/head.js';
import { learn } from '../common/words.js';
import { clinic } from './clinic.js';
import { en, zh } from './words.js';

learn({ en, zh });
/** @type {ReturnType<typeof clinic> | undefined} */
let room;
skipTo(() => byId('case-title', HTMLElement));
head('clinic', { spoke: () => room?.spoke(), dyed: () => room?.dyed() });
room = clinic();
