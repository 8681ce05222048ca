// Where sessions come from. The page asks; it does not know what carries its commands.

/** @import { Reply, Session } from './protocol.d.ts' */

/** The engine could not be loaded, or stopped. */
export class EngineError extends Error {
  /**
   * @param {'engine-missing' | 'engine-stopped'} kind
   * @param {string} message
   */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/**
 * A session in a worker of this page.
 * @returns {Session}
 */
export function sessionOfWorker() {
  if (typeof WebAssembly !== 'object' || typeof Worker !== 'function') {
    const missing = new EngineError('engine-missing', 'no WebAssembly');
    return { ask: () => Promise.reject(missing), close: () => {} };
  }
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  // Replies come in the order of the commands.
  /** @type {{ done: (reply: Reply) => void, failed: (error: Error) => void }[]} */
  const waiting = [];
  worker.onmessage = ({ data }) => {
    const asked = waiting.shift();
    if (data.failed) {
      asked?.failed(new EngineError(data.kind, data.failed));
    } else {
      asked?.done({ events: JSON.parse(data.events), numbers: data.numbers });
    }
  };
  worker.onerror = (event) => {
    const error = new EngineError('engine-missing', event.message ?? 'the worker did not start');
    waiting.splice(0).forEach((asked) => asked.failed(error));
  };
  return {
    ask: (command) =>
      new Promise((done, failed) => {
        waiting.push({ done, failed });
        // A table in it may be long: the worker makes text of it, not the page.
        worker.postMessage(command);
      }),
    close: () => worker.terminate(),
  };
}

/**
 * The numbers that an event speaks of.
 * @param {Reply} reply
 * @param {{ at: number, len: number }} numbers
 */
export function numbersOf(reply, { at, len }) {
  return reply.numbers.subarray(at, at + len);
}

/**
 * The event of a kind in a reply, where there is one.
 * @template {import('./protocol.d.ts').Event['event']} K
 * @param {Reply} reply
 * @param {K} kind
 * @returns {Extract<import('./protocol.d.ts').Event, { event: K }> | undefined}
 */
export function eventOf(reply, kind) {
  return /** @type {any} */ (reply.events.find((event) => event.event === kind));
}
