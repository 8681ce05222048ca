// The page as `nablab serve` has it: sessions are the server's.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { at, open, shown, step } from './browser.js';
import { COMMAND, served } from './command.js';

const folder = await mkdtemp(join(tmpdir(), 'nablab-serve-'));
after(() => rm(folder, { recursive: true }));

const seek = (page, to) => page.$eval('#time', (time, to) => {
  time.value = to;
  time.dispatchEvent(new Event('input', { bubbles: true }));
}, to);

test('a served page trains at the server: it plays, pauses, goes back, and is changed on the way', async (t) => {
  const server = await served(t, folder);
  const page = await open(t, { at: server.address });
  const start = await shown(page);
  await page.click('#play');
  await page.waitForFunction(() => Number(document.querySelector('#time').value) > 25);
  await page.click('#play');
  await page.waitForFunction(() => document.querySelector('#play').textContent === 'Play');
  await page.click('#one-step');
  await page.click('#one-epoch');
  await page.waitForFunction(() => Number(document.querySelector('#time').value) % 8 === 0);
  await page.fill('#knob-rate', '0.1');
  await page.press('#knob-rate', 'Enter');
  await page.locator('#turns button').waitFor();
  await page.click('#one-step');
  await page.waitForFunction(() => Number(document.querySelector('#time').value) % 8 === 1);
  const end = await step(page);
  const later = await shown(page);
  await seek(page, 0);
  await at(page, 0);
  assert.deepEqual(await shown(page), start);
  await seek(page, end);
  await at(page, end);
  assert.deepEqual(await shown(page), later);
  assert.equal(page.workers().length, 0, 'nothing is computed in the page');
});

test('a server and the page itself answer alike, to the bit', async (t) => {
  const server = await served(t, folder);
  const page = await open(t, { at: server.address });
  const [there, here] = await page.evaluate(async () => {
    const { newSession } = await import('/session/open.js');
    const { sessionOfWorker } = await import('/session/session.js');
    const base = { epochs: 20, batch_size: 16, learning_rate: 0.02, seed: 5, validation: { share: 0.2, patience: 0 } };
    const moons = { source: 'moons', samples: 150, noise: 0.2, seed: 3 };
    const views = [{ view: 'boundary', cells: 30 }, { view: 'units', cells: 9 }, { view: 'parameters' }, { view: 'curve', from: 0 }];
    const commands = [
      { do: 'begin', plan: { data: moons, recipe: { ...base, hidden: [{ units: 9, dropout: 0.2 }, { units: 5, activation: 'tanh' }] } } },
      { do: 'step', steps: 77, views },
      { do: 'set', parameter: 3, value: 0.7 },
      { do: 'epoch' },
      { do: 'seek', step: 40, views },
      { do: 'repeat' },
      { do: 'begin', plan: { data: moons, recipe: { ...base, precision: 'f64', optimizer: 'momentum', hidden: [{ units: 6, batch_norm: true }] } } },
      { do: 'step', steps: 1e9, views },
      { do: 'step', steps: -1 },
    ];
    const answers = async (session) => {
      const replies = await Promise.all(commands.map((command) => session.ask(command)));
      return replies.map(({ events, numbers }) => ({ events, bits: [...new Uint32Array(numbers.slice().buffer)] }));
    };
    return [await answers(newSession()), await answers(sessionOfWorker())];
  });
  assert.ok(there[1].bits.length > 1000);
  assert.deepEqual(there, here);
});

test('a server that was restarted goes on where the page is', async (t) => {
  const server = await served(t, folder);
  const page = await open(t, { at: server.address, expects: /WebSocket connection to|ERR_CONNECTION_REFUSED/ });
  await page.click('#one-epoch');
  await at(page, 8);
  await page.fill('#knob-rate', '0.1');
  await page.press('#knob-rate', 'Enter');
  await page.locator('#turns button').waitFor();
  await page.click('#one-epoch');
  await at(page, 16);
  const before = await shown(page);
  await server.stop();
  const sentence = page.locator('#connection');
  await sentence.waitFor();
  assert.match(await sentence.textContent(), /^The server does not answer/);
  // What is asked for meanwhile is done later.
  await page.click('#one-epoch');
  await page.click('#language');
  assert.match(await sentence.textContent(), /^服务器没有应答/);
  await page.click('#language');
  await served(t, folder, server.port);
  await sentence.waitFor({ state: 'hidden' });
  await at(page, 24);
  await seek(page, 16);
  await at(page, 16);
  assert.deepEqual(await shown(page), before);
  // A training that plays goes on, too.
  await page.click('#play');
  await page.waitForFunction(() => Number(document.querySelector('#time').value) > 40);
});

test('the address is one line, a port that is taken one error, and Ctrl-C the end', async (t) => {
  const server = await served(t, folder);
  assert.match(server.address, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  const second = spawn(COMMAND, ['serve', '--port', String(server.port)], { cwd: folder });
  let said = '';
  second.stderr.on('data', (text) => (said += text));
  const code = await new Promise((done) => second.on('exit', done));
  assert.equal(code, 2);
  assert.match(said, /^error: port \d+ of 127\.0\.0\.1 is taken by another program\nhint: --port 0 takes a port that is free/);
  assert.equal(await server.stop('SIGINT'), 130);
});
