// A session in a worker: it computes here, so that the page stays free.

/** @type {{ postMessage(message: unknown, transfer?: Transferable[]): void, onmessage: ((message: MessageEvent) => void) | null }} */
const page = /** @type {any} */ (self);

/** The smallest module with an instruction of relaxed SIMD, which a browser that lacks them refuses. */
const RELAXED = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253,
  128, 2, 11,
]);

/** Both compute the same, to the bit; without the instructions it takes longer. */
const engine = WebAssembly.validate(RELAXED) ? 'nablab' : 'nablab-exact';

/** The session, or why there is none. */
const loaded = begun().catch((error) => new Error(String(error)));

async function begun() {
  /** @type {typeof import('../engine/nablab.js')} */
  const { default: load, Session } = await import(`../engine/${engine}.js`);
  await load();
  return new Session();
}

page.onmessage = async ({ data: command }) => {
  const session = await loaded;
  if (session instanceof Error) {
    page.postMessage({ failed: session.message, kind: 'engine-missing' });
    return;
  }
  try {
    const events = session.answer(JSON.stringify(command));
    const numbers = session.numbers();
    page.postMessage({ events, numbers }, [numbers.buffer]);
  } catch (error) {
    page.postMessage({ failed: String(error), kind: 'engine-stopped' });
  }
};
