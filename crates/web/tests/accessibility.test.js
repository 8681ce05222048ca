// Rules of WCAG 2.2 AA by axe-core: both languages, light and dark, wide and narrow, at rest and with the dialogue open.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { open } from './browser.js';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function findings(page) {
  const { violations } = await page.evaluate(() => globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

for (const [language, colorScheme, width] of [['en', 'light', 1280], ['en', 'dark', 420], ['zh', 'light', 420], ['zh', 'dark', 1280]]) {
  test(`${language}, ${colorScheme}, ${width} pixels`, async (t) => {
    const page = await open(t, { language, colorScheme, width, bypassCSP: true });
    await page.evaluate(axe);
    await page.click('#one-epoch');
    await page.waitForFunction(() => document.querySelector('#time').value === '8');
    await page.selectOption('#knob-rule', 'momentum');
    await page.locator('#turns button').waitFor();
    await page.fill('#knob-noise', '-1');
    await page.press('#knob-noise', 'Enter');
    assert.deepEqual(await findings(page), []);
    const { scroll, inner } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, inner: innerWidth }));
    assert.ok(scroll <= inner, `the page is ${scroll} pixels wide on ${inner}`);
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
