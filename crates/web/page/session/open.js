// Sessions for a room, wherever they are.

/** @import { Session } from './protocol.d.ts' */
import { isServed, mostBytes } from './served.js';
import { sessionOfServer } from './server.js';
import { sessionOfWorker } from './session.js';

/**
 * A session: at the server, where it has some, else in a worker of this page. Both answer alike, to the bit.
 * @returns {Session}
 */
export function newSession() {
  return isServed ? sessionOfServer(new URL('../session', import.meta.url), mostBytes) : sessionOfWorker();
}
