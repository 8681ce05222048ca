// The page in a browser, as tests open it.

import { after } from 'node:test';
import assert from 'node:assert/strict';
import { address, browser, close } from './chromium.js';

export { address, browser };
after(close);

/**
 * A page that has begun, or another room, and fails the test at its end where anything was complained of.
 * @param {import('node:test').TestContext} test
 */
export async function open(test, { at = address, room = '', fragment = '', language = 'en', width = 1280, before, engine, lacks, expects = /^$/, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...options });
  const page = await context.newPage();
  // Nothing here measures time: a busy machine may take long.
  page.setDefaultTimeout(60000);
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
