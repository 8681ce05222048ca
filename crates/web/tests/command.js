// The command, and what it serves.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export const COMMAND = process.env.NABLAB ?? new URL('../../../target/debug/nablab', import.meta.url).pathname;

/**
 * A server for the time of the test.
 * @param {import('node:test').TestContext} test
 */
export async function served(test, folder, port = 0) {
  const program = spawn(COMMAND, ['serve', '--dir', folder, '--port', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((done) => program.on('exit', done));
  const stop = (signal = 'SIGTERM') => {
    program.kill(signal);
    return ended;
  };
  test.after(() => stop());
  const address = await new Promise((done, failed) => {
    createInterface({ input: program.stdout }).once('line', done);
    ended.then((code) => failed(new Error(`the server ended with ${code}`)));
  });
  return { address, port: Number(new URL(address).port), stop };
}
