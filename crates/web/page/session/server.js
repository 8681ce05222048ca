// A session at the server, over a socket. Where the server goes, it comes back to where it was as soon as there is one again.

/** @import { Reply, Request, Session } from './protocol.d.ts' */
import { lost, found } from './connection.js';
import { EngineError } from './session.js';
import { Way } from './way.js';

/** Commands on their way at once: so none waits for the network, and the server has not too many. */
const MOST = 16;
/** Milliseconds before the next try to reach the server: twice as many after each, and at most so many. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 8000;

/** Codes by which the server ends a session. */
const NO_PLACE = 1013;
const ENGINE_STOPPED = 1011;

/** @typedef {{ request: Request, text: string, done?: (reply: Reply) => void, failed?: (error: Error) => void }} Asked somebody waits for it, or it only leads there */

/**
 * @param {URL} address
 * @param {number} mostBytes of a command
 * @returns {Session}
 */
export function sessionOfServer(address, mostBytes) {
  address.protocol = address.protocol.replace('http', 'ws');
  let way = new Way();
  /** Asked for, but not sent. @type {Asked[]} */
  const waiting = [];
  /** Sent; answers come in this order. @type {Asked[]} */
  const sent = [];
  /** @type {WebSocket | undefined} */
  let socket;
  let pause = FIRST_PAUSE;
  let isClosed = false;

  const connect = () => {
    if (isClosed) return;
    const connection = new WebSocket(address);
    connection.binaryType = 'arraybuffer';
    connection.onopen = () => {
      if (isClosed) return connection.close();
      socket = connection;
      // First to where it was.
      waiting.unshift(...way.commands.map((request) => ({ request, text: JSON.stringify(request) })));
      send();
      if (sent.length === 0) arrived();
    };
    connection.onmessage = ({ data }) => {
      arrived();
      const asked = sent.shift();
      const reply = replyOf(data);
      if (asked) way.saw(asked.request, reply);
      asked?.done?.(reply);
      send();
    };
    connection.onclose = ({ code, reason }) => {
      socket = undefined;
      if (isClosed) return;
      if (code === ENGINE_STOPPED) {
        // It would stop there again.
        const error = new EngineError('engine-stopped', reason);
        sent.splice(0).forEach(({ failed }) => failed?.(error));
        way = new Way();
      } else {
        lost(session, code === NO_PLACE ? 'server-full' : 'server-lost');
      }
      // What was not answered is asked again.
      waiting.unshift(...sent.splice(0).filter(({ done }) => done));
      setTimeout(connect, pause);
      pause = Math.min(LONGEST_PAUSE, 2 * pause);
    };
  };
  const arrived = () => {
    pause = FIRST_PAUSE;
    found(session);
  };
  const send = () => {
    while (socket?.readyState === WebSocket.OPEN && waiting.length > 0 && sent.length < MOST) {
      const [asked] = waiting.splice(0, 1);
      sent.push(asked);
      socket.send(asked.text);
    }
  };
  const session = {
    /** @param {Request} request @returns {Promise<Reply>} */
    ask: (request) =>
      new Promise((done, failed) => {
        const text = JSON.stringify(request);
        // No character has more than three bytes: most texts need not be counted.
        const bytes = 3 * text.length > mostBytes ? new TextEncoder().encode(text).length : 0;
        if (bytes > mostBytes) {
          const message = `a command with its table: expected at most ${mostBytes} bytes, got ${bytes}`;
          done({ events: [{ event: 'refused', message }], numbers: new Float32Array() });
          return;
        }
        waiting.push({ request, text, done, failed });
        send();
      }),
    close: () => {
      isClosed = true;
      found(session);
      socket?.close();
    },
  };
  connect();
  return session;
}

/** The length of the events, the events, and from the next multiple of four the numbers. @param {ArrayBuffer} bytes @returns {Reply} */
function replyOf(bytes) {
  const length = new DataView(bytes).getUint32(0, true);
  const events = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
  return { events, numbers: new Float32Array(bytes, 4 * Math.ceil((4 + length) / 4)) };
}
