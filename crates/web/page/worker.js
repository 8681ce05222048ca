// A session in a worker: it computes here, so that the page stays free.

import load, { Session } from './engine/nablab_web.js';

/** @type {{ postMessage(message: unknown, transfer?: Transferable[]): void, onmessage: ((message: MessageEvent) => void) | null }} */
const page = /** @type {any} */ (self);

/** The session, or why there is none. @type {Promise<Session | Error>} */
const loaded = load().then(() => new Session(), (error) => new Error(String(error)));

page.onmessage = async ({ data: command }) => {
  const session = await loaded;
  if (session instanceof Error) {
    page.postMessage({ failed: session.message, kind: 'engine-missing' });
    return;
  }
  try {
    const events = session.answer(command);
    const numbers = session.numbers();
    page.postMessage({ events, numbers }, [numbers.buffer]);
  } catch (error) {
    page.postMessage({ failed: String(error), kind: 'engine-stopped' });
  }
};
