// Sessions for a room, wherever they are.

/** @import { Session } from './protocol.d.ts' */
import { sessionOfServer } from './server.js';
import { sessionOfWorker } from './session.js';

/** What `nablab serve` writes into a page: the bytes that a command may have. */
const MARK = document.querySelector('meta[name="nablab-serve"]')?.getAttribute('content');

/** This page comes from `nablab serve`, and not from a server of files. */
export const isServed = Boolean(MARK);

/**
 * A session: at the server, where it has some, else in a worker of this page. Both answer alike, to the bit.
 * @returns {Session}
 */
export function newSession() {
  return isServed ? sessionOfServer(new URL('../session', import.meta.url), Number(MARK)) : sessionOfWorker();
}
