// The room of the labs: from an item to its training, its place in the report, and its exercises.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, isNoWider } from './axe.js';
import { open } from './browser.js';

const ROOM = { room: 'labs.html' };
/** The page as it lies on the site. */
const ON_THE_SITE = (page) =>
  page.context().route('**/common/beside.js', (route) => route.fulfill({ contentType: 'text/javascript', body: 'export const BESIDE = true;' }));

// What the course's assignments print of their trainings.
const COURSE = {
  'regularization.2': { data: 'pitch', layers: [20, 3], rule: 'gradient-descent', rate: 0.3, batch: 0, epochs: 30000, l2: 0, keep: 1 },
  'regularization.6': { data: 'pitch', layers: [20, 3], rule: 'gradient-descent', rate: 0.3, batch: 0, epochs: 30000, l2: 0.7, keep: 1 },
  'regularization.10': { data: 'pitch', layers: [20, 3], rule: 'gradient-descent', rate: 0.3, batch: 0, epochs: 30000, l2: 0, keep: 0.86 },
  'initialization.3': { data: 'circles', layers: [10, 5], rule: 'gradient-descent', rate: 0.01, batch: 0, epochs: 15000, init: 'zeros' },
  'random-initialization.2': { data: 'circles', layers: [10, 5], rule: 'gradient-descent', rate: 0.01, batch: 0, epochs: 15000, init: 'large' },
  'he-initialization.2': { data: 'circles', layers: [10, 5], rule: 'gradient-descent', rate: 0.01, batch: 0, epochs: 15000, init: 'he' },
  'optimization.7': { data: 'moons', layers: [5, 2], rule: 'gradient-descent', rate: 0.0007, batch: 64, epochs: 10000 },
  'optimization.8': { data: 'moons', layers: [5, 2], rule: 'momentum', rate: 0.0007, batch: 64, epochs: 10000 },
  'optimization.9': { data: 'moons', layers: [5, 2], rule: 'adam', rate: 0.0007, batch: 64, epochs: 10000 },
};

test('each training that a link opens is the course\'s', async (t) => {
  const page = await open(t, ROOM);
  const opened = await page.evaluate(async () => {
    const { courseOf, fragmentOf } = await import('./session/link.js');
    return [...document.querySelectorAll('article a.live[data-training^="#"]')].map((link) => {
      const { course } = courseOf(link.hash);
      return { id: link.closest('article').id, settings: course.start, isWhole: fragmentOf(course, 0) === link.dataset.training };
    });
  });
  assert.ok(opened.every(({ isWhole }) => isWhole), 'a link says every setting, as the page writes it');
  for (const [id, { layers, keep = 1, ...expected }] of Object.entries(COURSE)) {
    const { settings } = opened.find((one) => one.id === id);
    assert.deepEqual(settings.net.map(({ units }) => units), layers, id);
    settings.net.forEach(({ dropout, activation }) => assert.deepEqual([(1 - dropout).toFixed(9), activation], [keep.toFixed(9), 'relu'], id));
    for (const [key, value] of Object.entries(expected)) assert.equal(settings[key], value, `${id}: ${key}`);
  }
  const races = await page.evaluate(async () => {
    const { raceOf } = await import('./session/race.js');
    return [...document.querySelectorAll('a.live[href*="variants="]')].map((link) => raceOf(link.hash).race.variants);
  });
  // None, L2, dropout; zeros, large, He; gradient descent, momentum, Adam.
  const items = [['regularization.2', 'regularization.6', 'regularization.10'], ['initialization.3', 'random-initialization.2', 'he-initialization.2'], ['optimization.7', 'optimization.8', 'optimization.9']];
  assert.deepEqual(races, items.map((ids) => ids.map((id) => opened.find((one) => one.id === id).settings)));
});

test('zeros stay at ln 2, as the item says', async (t) => {
  const page = await open(t, ROOM);
  // By the keyboard alone.
  await page.locator('#to-labs a').nth(1).press('Enter');
  await page.locator('[id="initialization.3"] a.live').press('Enter');
  await page.waitForFunction(() => document.querySelector('#train-loss')?.textContent);
  await page.selectOption('#speed', 'max');
  await page.click('#play');
  await page.waitForFunction(() => document.querySelector('#state').textContent.includes('Finished'));
  assert.equal(await page.textContent('#train-loss'), Math.LN2.toFixed(4));
  assert.equal(await page.textContent('#train-rows'), '300');
});

test('points and units are those that the item tells of', async (t) => {
  const page = await open(t, ROOM);
  await page.click('[id="regularization.1"] a.live');
  // The lab learns from 211 points and judges on 200.
  await page.waitForFunction(() => document.querySelector('#train-rows')?.textContent === '211' && document.querySelector('#held-rows').textContent === '200');
  await page.goBack();
  await page.click('[id="regularization.8"] a.live');
  await page.locator('#arithmetic', { hasText: '0.86' }).waitFor(); // the course keeps with this probability
  await page.goBack();
  await page.click('[id="initialization.2"] a.live');
  await page.locator('.unit').last().click();
  // p − y of a network that says one half of everything
  await page.locator('#arithmetic', { hasText: '0.5000' }).waitFor();
});

test('report and exercises are linked where they are', async (t) => {
  const alone = await open(t, ROOM);
  assert.equal(await alone.locator('a.read:visible').count(), 0);
  assert.match(await alone.textContent('#reading'), /nablab lab/);

  const page = await open(t, ROOM);
  await ON_THE_SITE(page);
  await page.reload();
  const addresses = () => page.$$eval('a.read, .exercises a', (links) => links.map((link) => link.getAttribute('href')));
  const english = await addresses();
  assert.ok(english.includes('report/index.html#regularization.2') && english.includes('report/exercises.html#exercise-4.10'));
  assert.equal(english.filter((address) => address.includes('#exercise-')).length, 40); // `nablab lab exercise` lists so many
  await page.click('#language');
  assert.ok((await addresses()).includes('report/index.zh.html#regularization.2'));
  assert.match(await page.getAttribute('[id="regularization.2"] a.live', 'href'), /^\.\/\?lang=zh#v=1&data=pitch&/);
});

for (const [language, colorScheme, width] of [['en', 'light', 420], ['zh', 'dark', 1280]]) {
  test(`rules of access: ${language}, ${colorScheme}, ${width} pixels`, async (t) => {
    const page = await open(t, { ...ROOM, language, colorScheme, width, bypassCSP: true });
    assert.deepEqual(await findings(page), []);
    await isNoWider(page);
  });
}

test('both languages say what to watch in each item', async (t) => {
  const page = await open(t, ROOM);
  const left = await page.evaluate(async () => {
    const { en, zh } = await import('./labs/words.js');
    const { LABS } = await import('./labs/items.js');
    const items = LABS.flatMap(({ items }) => items.map(({ id }) => `watch-${id}`));
    const labs = LABS.flatMap(({ key }) => [`asks-${key}`, `differs-${key}`]);
    return [...new Set([...items, ...labs, ...Object.keys(en), ...Object.keys(zh)])].filter((key) => !en[key] || !zh[key]);
  });
  assert.deepEqual(left, []);
});
