// Rules of WCAG 2.2 AA by axe-core: both languages, light and dark, wide and narrow, at rest and with the dialogue open.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, isNoWider } from './axe.js';
import { open } from './browser.js';

for (const [language, colorScheme, width] of [['en', 'light', 1280], ['en', 'dark', 420], ['zh', 'light', 420], ['zh', 'dark', 1280]]) {
  test(`${language}, ${colorScheme}, ${width} pixels`, async (t) => {
    const page = await open(t, { language, colorScheme, width, bypassCSP: true });
    await page.click('#one-epoch');
    await page.waitForFunction(() => document.querySelector('#time').value === '8');
    await page.selectOption('#knob-rule', 'momentum');
    await page.locator('#turns button').waitFor();
    await page.fill('#knob-noise', '-1');
    await page.press('#knob-noise', 'Enter');
    assert.deepEqual(await findings(page), []);
    await isNoWider(page);
    await page.click('#share');
    await page.locator('#share-text-recipe').waitFor();
    assert.deepEqual(await findings(page), []);
  });
}

test('both languages say everything', async (t) => {
  const page = await open(t);
  const left = await page.evaluate(async () => {
    const { en } = await import('./common/words-en.js');
    const { zh } = await import('./common/words-zh.js');
    const gaps = (words) => (words.match(/\{\w+\}/g) ?? []).sort().join();
    return Object.keys({ ...en, ...zh }).filter((key) => !en[key] || !zh[key] || gaps(en[key]) !== gaps(zh[key]));
  });
  assert.deepEqual(left, []);
  await page.click('#language');
  await page.waitForFunction(() => document.documentElement.lang === 'zh' && document.querySelector('#play').textContent === '播放');
  const english = await page.evaluate(() => [...document.querySelectorAll('label, h2, h3, legend, button')].map((element) => element.textContent.trim()).filter((text) => /^[A-Z][a-z]{3,}/.test(text)));
  assert.deepEqual(english, ['English']);
});

/** Rooms with what shows that they are there; each has its words in a folder of its name. */
const ROOMS = [
  { name: 'unit', there: '#passes .term' },
  { name: 'race', there: '#numbers td:not(:empty)' },
  { name: 'gradient', there: '#scatter svg' },
];
for (const { name, there } of ROOMS) {
  test(`room ${name}: rules of access`, async (t) => {
    for (const [language, colorScheme, width] of [['en', 'light', 420], ['zh', 'dark', 1280]]) {
      const page = await open(t, { room: `${name}.html`, language, colorScheme, width, bypassCSP: true });
      await page.locator(there).first().waitFor();
      assert.deepEqual(await findings(page), []);
      await isNoWider(page);
    }
  });

  test(`room ${name}: both languages say everything`, async (t) => {
    const page = await open(t, { room: `${name}.html` });
    const left = await page.evaluate(async (name) => {
      const { en, zh } = await import(`./${name}/words.js`);
      const gaps = (words) => (words.match(/\{\w+\}/g) ?? []).sort().join();
      return Object.keys({ ...en, ...zh }).filter((key) => !en[key] || !zh[key] || gaps(en[key]) !== gaps(zh[key]));
    }, name);
    assert.deepEqual(left, []);
    await page.locator(there).first().waitFor();
    await page.click('#language');
    await page.waitForFunction(() => document.documentElement.lang === 'zh' && document.querySelector('h2').textContent.match(/[\u4e00-\u9fff]/));
    const english = () => page.evaluate(() => [...document.querySelectorAll('label, h2, h3, h4, p, legend, button')].filter((element) => element.offsetParent).map((element) => element.textContent.trim()).filter((text) => /^[A-Z][a-z]{3,}/.test(text)));
    // What comes from the engine comes a little later.
    for (let tries = 0; tries < 200 && (await english()).length > 1; tries++) await page.waitForTimeout(100);
    assert.deepEqual(await english(), ['English']);
  });
}
