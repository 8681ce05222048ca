// The room of the landscape, with the mouse and with the keyboard alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, isNoWider } from './axe.js';
import { open } from './browser.js';

const ROOM = { room: 'landscape.html' };
const TRAINING = '#v=1&data=circles&samples=60&noise=0.05&points=0&share=0.25&rule=gradient-descent&rate=0.1&batch=0&schedule=constant&l2=0&l1=0&epochs=1000&init=normal&spread=0.5&seed=0&precision=f64&net=6relu_3relu';
const SMALL = `${TRAINING}&cells=16&steps=12`;
/** Cells of 2 × 2, 4 × 4, 8 × 8 and 16 × 16. */
const ALL = 4 + 16 + 64 + 256;

/** What the page asks its workers to train. */
function recorded() {
  globalThis.trained = [];
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (text) {
    const command = typeof text === 'string' ? JSON.parse(text) : text;
    if (command.do === 'train') globalThis.trained.push(...command.variants.map((recipe) => ({ rate: recipe.learning_rate, spread: recipe.init.normal?.scale, steps: command.steps, recipe })));
    post.call(this, text);
  };
}
const trained = (page) => page.evaluate(() => globalThis.trained);
const says = (page, id, words) => page.waitForFunction(([id, words]) => document.querySelector(id).textContent.includes(words), [id, words]);
const isDone = (page) => says(page, '#progress', 'All');
const crumbs = (page) => page.locator('#crumbs li').allTextContents();
/** The number in the middle of a cell of an axis on which each step is a factor, as the page writes it. */
const middle = (low, high, cell, cells) => Number((low * (high / low) ** ((cell + 0.5) / cells)).toPrecision(4));
/** The middle of a cell on the screen. */
async function placeOf(page, across, up, cells = 16) {
  const box = await page.locator('#map').boundingBox();
  const side = box.width - 62 - 16;
  return [box.x + 62 + ((across + 0.5) * side) / cells, box.y + 8 + (1 - (up + 0.5) / cells) * side];
}

test('each cell is trained once, coarse first, and what a zoom shows again is known', async (t) => {
  const page = await open(t, { ...ROOM, fragment: SMALL, before: recorded });
  await isDone(page);
  const made = await trained(page);
  assert.equal(made.length, ALL);
  const keys = (cells) => cells.map(({ rate, spread }) => `${rate} ${spread}`);
  const expected = [2, 4, 8, 16].map((cells) => Array.from({ length: cells * cells }, (_, at) => `${middle(0.001, 100, at % cells, cells)} ${middle(0.01, 100, Math.floor(at / cells), cells)}`));
  assert.deepEqual(keys(made).sort(), expected.flat().sort());
  assert.deepEqual(keys(made.slice(0, 4)).sort(), expected[0].sort(), 'the coarsest cells are the first');
  // A rectangle by the mouse, and out again.
  await page.mouse.move(...(await placeOf(page, 4, 4)));
  await page.mouse.down();
  await page.mouse.move(...(await placeOf(page, 11, 11)), { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction((all) => globalThis.trained.length > all, ALL);
  await isDone(page);
  assert.equal((await crumbs(page)).length, 2);
  const far = await trained(page);
  await page.click('#crumbs button');
  await isDone(page);
  assert.deepEqual(await crumbs(page), ['Whole map']);
  assert.equal((await trained(page)).length, far.length);
});

test('a cell has the numbers that the playground shows', async (t) => {
  const page = await open(t, { ...ROOM, fragment: SMALL });
  await isDone(page);
  await page.mouse.click(...(await placeOf(page, 9, 7)));
  const cells = await page.locator('#cell td').allTextContents();
  assert.deepEqual(cells.slice(0, 3), [String(middle(0.001, 100, 9, 16)), String(middle(0.01, 100, 7, 16)), '12']);
  await page.click('#open-cell');
  await page.waitForFunction(() => document.querySelector('#time-now')?.textContent.startsWith('step 12,'));
  assert.deepEqual(await page.locator('.measures td').allTextContents(), ['', '45', cells[3], cells[4], '15', cells[5], cells[6]]);
  assert.equal(await page.inputValue('#knob-rate'), cells[0]);
  assert.equal(await page.inputValue('#knob-spread'), cells[1]);
});

test('another map takes the place of one that is half done', async (t) => {
  const page = await open(t, { ...ROOM, fragment: `${TRAINING}&cells=64&steps=200`, before: recorded });
  await page.waitForFunction(() => globalThis.trained.length > 20);
  await page.selectOption('#cells', '16');
  await page.fill('#steps', '9');
  await page.press('#steps', 'Enter');
  await isDone(page);
  const made = await trained(page);
  const first = made.findIndex(({ steps }) => steps === 9);
  assert.ok(made.slice(first).every(({ steps }) => steps === 9) && made.length - first === ALL);
  // Stopped, it stands still, and goes on from there.
  await page.selectOption('#cells', '64');
  await page.click('#stop');
  await says(page, '#progress', 'Stopped after');
  assert.equal(await page.textContent('#stop'), 'Go on');
  const count = (await trained(page)).length;
  await page.click('#stop');
  await page.waitForFunction((count) => globalThis.trained.length > count, count);
});

test('the keyboard alone goes to a cell, chooses it, zooms and comes back', async (t) => {
  const page = await open(t, { ...ROOM, fragment: SMALL });
  await isDone(page);
  for (let presses = 0; !(await page.evaluate(() => document.activeElement?.id === 'map')); presses++) {
    assert.ok(presses < 30, 'Tab does not come to the map');
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  const [rate, spread] = [middle(0.001, 100, 9, 16), middle(0.01, 100, 4, 16)];
  await says(page, '#pointed', `Learning rate ${rate}, Spread σ of the first weights ${spread}: loss 0.`);
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('#cell td').first().textContent(), String(rate));
  await page.keyboard.press('+');
  assert.equal((await crumbs(page)).length, 2);
  const [low, high] = /&x=rate:([^&]+)\.\.([^&]+)&y/.exec(page.url()).slice(1).map(Number);
  assert.ok(Math.abs(high / low - 10 ** 2.5) < 1, 'half of five powers of ten');
  assert.ok(Math.abs(Math.sqrt(low * high) - rate) < 0.01 * rate, 'around the cursor');
  await page.keyboard.press('Escape');
  assert.deepEqual(await crumbs(page), ['Whole map']);
  await page.keyboard.press('-');
  assert.match(page.url(), /&x=rate:0\.00000\d+\.\.1000&y=spread:0\.000\d+\.\.1000&/, 'nothing lies outside of the limits');
  assert.equal((await crumbs(page))[0], 'Whole map');
});

test('a link has training, axes and ranges; other sides are whole numbers where they must be', async (t) => {
  const fragment = `${SMALL}&x=batch:2..32&y=units:1..16&show=learned`;
  const page = await open(t, { ...ROOM, fragment, before: recorded });
  await isDone(page);
  assert.deepEqual([await page.inputValue('#axis-x'), await page.inputValue('#axis-y'), await page.inputValue('#show')], ['batch', 'units', 'learned']);
  await page.mouse.click(...(await placeOf(page, 15, 15)));
  assert.deepEqual((await page.locator('#cell td').allTextContents()).slice(0, 2), ['29', '15']);
  assert.equal(await page.locator('#axis-x option[value=beta]').count(), 0, 'gradient descent has no momentum');
  // What lies along the other side already changes places.
  await page.selectOption('#axis-x', 'units');
  await page.waitForFunction(() => location.hash.includes('&x=units:1..16&y=batch:2..32'));
  const again = await open(t, { ...ROOM, fragment: new URL(page.url()).hash });
  await again.waitForFunction(() => document.querySelector('#axis-x')?.value === 'units');
  // The training goes along to another room, which passes over the map.
  await again.click('nav.rooms a[href^="./"]');
  await again.waitForFunction(() => document.querySelector('#train-loss')?.textContent);
  assert.equal(await again.inputValue('#knob-samples'), '60');
  assert.ok(await again.isHidden('#notice'));
});

test('what lies along the sides is in the recipe of each cell, and in the training that it opens', async (t) => {
  const page = await open(t, { ...ROOM, fragment: `${SMALL}&x=batch:2..32&y=units:1..16`, before: recorded });
  await isDone(page);
  const coarsest = async () => (await trained(page)).slice(0, 4).map(({ recipe }) => recipe);
  const pairs = (recipes, of) => recipes.map(of).sort().join('; ');
  assert.equal(pairs(await coarsest(), ({ batch_size, hidden }) => `${batch_size} ${hidden[0].units}-${hidden[1].units}`), '16 2-3; 16 8-3; 4 2-3; 4 8-3');
  const adam = TRAINING.replace('gradient-descent', 'adam');
  await page.evaluate((fragment) => {
    globalThis.trained.length = 0;
    location.hash = fragment;
  }, `${adam}&x=l2:0.01..100&y=beta:0..0.8&cells=16&steps=12`);
  await page.waitForFunction((all) => globalThis.trained.length === all, ALL);
  await isDone(page);
  assert.equal(pairs(await coarsest(), ({ penalty, optimizer }) => `${penalty.l2} ${optimizer.adam.beta1}`), '0.1 0.2; 0.1 0.6; 10 0.2; 10 0.6');
  await page.mouse.click(...(await placeOf(page, 8, 4)));
  const cells = await page.locator('#cell td').allTextContents();
  assert.deepEqual(cells.slice(0, 2), [String(middle(0.01, 100, 8, 16)), '0.225']);
  await page.click('#open-cell');
  await page.waitForFunction(() => document.querySelector('#time-now')?.textContent.startsWith('step 12,'));
  assert.deepEqual([await page.inputValue('#knob-l2'), await page.inputValue('#knob-beta'), await page.textContent('#train-loss')], [...cells.slice(0, 2), cells[3]]);
});

test('what diverges is said, and striped', async (t) => {
  const fragment = `${TRAINING.replace('6relu_3relu', '6identity_3identity')}&x=rate:100..1000&y=spread:100..1000&cells=16&steps=60`;
  const page = await open(t, { ...ROOM, fragment });
  await isDone(page);
  await page.mouse.click(...(await placeOf(page, 14, 14)));
  await says(page, '#pointed', 'diverged');
  await says(page, '#cell', 'This training diverged');
  const colours = await page.evaluate(() => {
    const canvas = document.querySelector('#map');
    const { data } = canvas.getContext('2d').getImageData(canvas.width - 16 - 200, 20, 60, 60);
    return new Set(Array.from({ length: data.length / 4 }, (_, at) => data.slice(4 * at, 4 * at + 3).join())).size;
  });
  assert.ok(colours > 2, 'stripes have several colours');
});

test('a wrong link has one clear sentence', async (t) => {
  const page = await open(t, { ...ROOM, fragment: SMALL });
  for (const [parts, said] of [['&x=rate:1', '“x” says “rate:1”'], ['&y=beta:0..1', '“y” says'], ['&x=l2:1..2&y=l2:1..2', '“y” says'], ['&cells=20', '“cells” says “20”'], ['&steps=0', '“steps”'], ['&show=red', '“show”']]) {
    await page.evaluate((fragment) => (location.hash = fragment), `${TRAINING}&${parts.slice(1)}`);
    await says(page, '#notice', said);
  }
  await page.fill('#steps', '1.5');
  await page.press('#steps', 'Enter');
  await says(page, '#steps-error', 'A whole number from 1 to 100000, not “1.5”.');
});

for (const [language, colorScheme, width] of [['en', 'light', 420], ['zh', 'dark', 1280]]) {
  test(`rules of access: ${language}, ${colorScheme}, ${width} pixels`, async (t) => {
    const page = await open(t, { ...ROOM, language, colorScheme, width, fragment: SMALL, bypassCSP: true });
    await page.waitForFunction(() => document.querySelector('#progress').textContent.includes('340') && document.querySelector('#stop').disabled);
    await page.mouse.click(...(await placeOf(page, 3, 3)));
    await page.click('#zoom-in');
    assert.deepEqual(await findings(page), []);
    await isNoWider(page);
  });
}

test('both languages say everything', async (t) => {
  const page = await open(t, ROOM);
  const left = await page.evaluate(async () => {
    const { en, zh } = await import('./landscape/words.js');
    const gaps = (words) => (words.match(/\{\w+\}/g) ?? []).sort().join();
    return Object.keys({ ...en, ...zh }).filter((key) => !en[key] || !zh[key] || gaps(en[key]) !== gaps(zh[key]));
  });
  assert.deepEqual(left, []);
});
