// A session in a worker: it computes here, so that the page stays free.

import load, { Session } from './engine/nablab_web.js';

/** @type {{ postMessage(message: unknown, transfer?: Transferable[]): void, onmessage: ((message: MessageEvent) => void) | null }} */
const page = /** @type {any} */ (self);

/** @type {Session | undefined} */
let session;

const loaded = load().then(() => {
  session = new Session();
});

page.onmessage = async ({ data: command }) => {
  try {
    await loaded;
    const events = /** @type {Session} */ (session).answer(command);
    const numbers = /** @type {Session} */ (session).numbers();
    page.postMessage({ events, numbers }, [numbers.buffer]);
  } catch (error) {
    page.postMessage({ failed: String(error), begun: session !== undefined });
  }
};
