// The diagnosis in the playground: what it says, when it speaks, and what its buttons do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings } from './axe.js';
import { at, open } from './browser.js';

const finding = (page, code) => page.locator(`#diagnosis [data-code="${code}"]`);
const ZEROS = '#v=1&data=moons&noise=0.2&net=6tanh_4tanh&init=zeros&rate=0.03&epochs=60';

test('zeros are diagnosed before the first step, and the advice is taken with a button', async (t) => {
  const page = await open(t, { fragment: ZEROS, bypassCSP: true });
  await finding(page, 'symmetric-units').waitFor();
  assert.deepEqual(await findings(page), []);
  await page.click('#language');
  await page.locator('#diagnosis h3', { hasText: '单元对称' }).waitFor();
  await page.click('#language');
  await page.click('#one-epoch');
  await at(page, 8);
  // It begins anew from other weights, and the focus stays where the diagnosis is.
  await finding(page, 'symmetric-units').locator('button').first().click();
  await finding(page, 'symmetric-units').waitFor({ state: 'detached' });
  assert.equal(await page.inputValue('#knob-init'), 'xavier');
  await at(page, 0);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'diagnosis-title');
  // Nothing is called healthy that nobody knows yet.
  assert.match(await page.textContent('#diagnosis'), /too little is known/);
  await page.click('#diagnosis summary');
  assert.match(await page.textContent('#diagnosis details'), /0 of 60 epochs are done/);
});

test('a rate that is too low is changed on the way', async (t) => {
  const page = await open(t, { fragment: '#v=1&data=moons&noise=0.2&net=6tanh&init=xavier&rule=gradient-descent&rate=0.0001&epochs=30' });
  await page.click('#play');
  // Nobody listens to what changes twice a second.
  await page.locator('#diagnosis[aria-live="off"]').waitFor();
  await page.selectOption('#speed', 'max');
  await page.waitForFunction(() => document.querySelector('#state').textContent.includes('Finished'));
  await page.locator('#diagnosis[aria-live="polite"]').waitFor();
  const low = finding(page, 'learning-rate-too-low');
  await low.waitFor();
  await page.$eval('#time', (time) => {
    time.value = 160;
    time.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await at(page, 160);
  await low.locator('button', { hasText: 'Set the learning rate to' }).click();
  await page.locator('#turns button').waitFor();
  assert.ok(Number(await page.inputValue('#knob-rate')) > 0.001);
  await low.waitFor({ state: 'detached' });
});

test('a rate that is too high is replaced by one that a range test finds', async (t) => {
  const page = await open(t, { fragment: '#v=1&data=moons&noise=0.2&net=6tanh&init=xavier&rate=3&epochs=30&step=200' });
  const high = finding(page, 'learning-rate-too-high');
  await high.locator('button', { hasText: 'range test' }).click();
  await page.locator('#turns button').waitFor();
  const rate = Number(await page.inputValue('#knob-rate'));
  assert.ok(rate > 1e-4 && rate < 1, `${rate}`);
});
