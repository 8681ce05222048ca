// The page in a browser, served as plain files.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after } from 'node:test';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const ROOT = new URL('../page/', import.meta.url);
const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm', svg: 'image/svg+xml' };
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
];

const server = createServer(async (request, response) => {
  const path = new URL(request.url, 'http://page').pathname.slice(1) || 'index.html';
  try {
    const file = await readFile(new URL(path, ROOT));
    response.writeHead(200, { 'content-type': TYPES[path.split('.').pop()] ?? 'text/plain' }).end(file);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
export const address = `http://127.0.0.1:${server.address().port}/`;
export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
after(async () => {
  await browser.close();
  server.close();
});

/**
 * A page that has begun, or another room, and fails the test at its end where anything was complained of.
 * @param {import('node:test').TestContext} test
 */
export async function open(test, { at = address, room = '', fragment = '', language = 'en', width = 1280, before, engine, lacks, expects = /^$/, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !expects.test(message.text()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  if (before) await page.addInitScript(before);
  if (engine) await context.route('**/*.wasm', (route) => route.fulfill({ contentType: 'application/wasm', body: engine }));
  test.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  if (lacks) {
    // As a browser that refuses this module of a few bytes.
    await context.route('**/worker.js', async (route) => {
      const body = (await (await route.fetch()).text()).replace(`WebAssembly.validate(${lacks})`, 'false');
      await route.fulfill({ contentType: 'text/javascript', body });
    });
  }
  await page.goto(`${at}${room}?lang=${language}${fragment}`);
  if (!before && !engine && !room) await page.waitForFunction(() => document.querySelector('#train-loss')?.textContent);
  return page;
}

/** What the page shows of an instant: numbers, parameters of a unit, and the map itself. */
export async function shown(page) {
  return page.evaluate(() => ({
    time: document.querySelector('#time-now')?.textContent,
    numbers: [...document.querySelectorAll('.measures td')].map((cell) => cell.textContent),
    weights: [...document.querySelectorAll('#unit input')].map((input) => input.value),
    map: document.querySelector('#boundary').toDataURL(),
  }));
}

export const step = (page) => page.$eval('#time', (time) => Number(time.value));

/** Wait until the slider stands at a step. */
export async function at(page, wanted) {
  await page.waitForFunction((wanted) => {
    const time = document.querySelector('#time');
    return Number(time.value) === wanted && time.getAttribute('aria-valuetext').includes(` ${wanted},`);
  }, wanted);
}
