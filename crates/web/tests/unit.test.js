// The room of one unit: its numbers add up, they are those of the training, and dropout's zero can be followed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, open } from './browser.js';

const ROOM = { room: 'unit.html' };
const TRAINING = '#v=1&data=moons&samples=80&noise=0.2&share=0.25&points=3&rule=gradient-descent&rate=0.1&batch=16&schedule=constant&l2=0.3&l1=0&epochs=50&init=xavier&seed=5&precision=f64&net=5tanh~0.4_3tanh&step=7';

const isShown = (page) => page.locator('#passes .term').first().waitFor();
const caption = (page) => page.textContent('#caption');

/** A number as the page writes it. */
function read(text) {
  const [digits, power] = text.replaceAll('−', '-').split(' · 10');
  const exponent = power ? Number([...power].map((sign) => (sign === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(sign))).join('')) : 0;
  return Number(digits) * 10 ** exponent;
}

/** All numbers of the room: sums line by line, equations, and the table of what is learned. */
async function numbers(page) {
  const texts = await page.evaluate(() => {
    const all = (root, what) => [...root.querySelectorAll(what)];
    const values = (root) => all(root, '.number').map((number) => number.textContent);
    return {
      sums: all(document, '.terms').map((table) => all(table, 'tbody tr').map(values)),
      equations: all(document, '.equation:not(.small)').map(values),
      learned: all(document, '.learned tbody tr').map(values),
    };
  });
  const each = (value) => (Array.isArray(value) ? value.map(each) : read(value));
  return { sums: each(texts.sums), equations: each(texts.equations), learned: each(texts.learned) };
}

const near = (a, b, tolerance, what) => assert.ok(Math.abs(a - b) <= tolerance, `${what}: ${a} and ${b}`);
const RATE = 0.1;

test('the numbers of a hidden unit satisfy the arithmetic that stands above them', async (t) => {
  const page = await open(t, { ...ROOM, fragment: `${TRAINING}&unit=1.3&example=2` });
  await isShown(page);
  const { sums: [forward, backward], equations, learned } = await numbers(page);
  for (const sum of [forward, backward]) {
    const products = sum.filter((line) => line.length === 3);
    products.forEach(([a, b, product]) => near(a * b, product, 2e-3, 'a product'));
    const total = sum.at(-1)[0];
    const ends = sum.slice(products.length, -1).map(([end]) => end);
    near([...products.map((line) => line[2]), ...ends].reduce((x, y) => x + y), total, 2e-3, 'a sum');
  }
  const [[z, a], [r, k, , d], [rBack, kBack, dd, da], [daAgain, slope, dz], [w, rate, dw, after]] = equations;
  near(z, forward.at(-1)[0], 1e-3, 'z');
  near(Math.tanh(z), a, 1e-3, 'tanh');
  assert.deepEqual([r, k, rBack, kBack], [r, 0.6, r, 0.6]);
  near((r / k) * a, d, 1e-3, 'dropout forward');
  near(dd, backward.at(-1)[0], 1e-4, 'what comes back');
  near((r / k) * dd, da, 1e-3, 'dropout backward');
  assert.equal(daAgain, da);
  near(1 - a * a, slope, 2e-3, 'the slope');
  near(da * slope, dz, 1e-3, 'dz');
  assert.equal(rate, RATE);
  near(w - rate * dw, after, 1e-4, 'the update');
  // 60 points are learned from, 16 in a full step: λ / m = 0.3 / 16.
  const inputs = [...forward.slice(0, 2).map(([x]) => x), 1];
  learned.forEach(([ofExample, mean, penalty, gradient, value, then], line) => {
    near(dz * inputs[line], ofExample, 1e-3, 'of the example');
    near(mean + penalty, gradient, 1e-4, 'gradient');
    near(line < 2 ? (0.3 / 16) * value : 0, penalty, 1e-4, 'penalty');
    near(value - RATE * gradient, then, 1e-4, 'after');
  });
});

test('what stands under “after” is what the playground has one step later', async (t) => {
  const playground = await open(t, { fragment: TRAINING });
  await playground.locator('.network .unit').nth(3).press('Enter');
  const values = () => playground.$$eval('#unit input', (inputs) => inputs.map((input) => Number(input.value)));
  const before = await values();
  await playground.locator('#unit a').press('Enter');
  await isShown(playground);
  assert.equal(await playground.textContent('#unit-title'), 'Layer 1, unit 2, for example 1');
  const { learned } = await numbers(playground);
  // The bias stands first in the playground, last here.
  const [bias, ...weights] = before;
  learned.forEach((line, place) => near(line[4], [...weights, bias][place], 1e-4, 'now'));

  await playground.click('#one-step');
  await playground.waitForFunction(() => document.querySelector('#state').textContent.includes('From step 8'));
  await playground.waitForFunction((text) => document.querySelector('.learned td:nth-of-type(5) .number').textContent.startsWith(text), String(learned[0][5].toFixed(3)).replace('-', '−'));
  assert.match(await playground.textContent('#notice'), /“after” now stands under “now”/);
  const next = await numbers(playground);
  next.learned.forEach((line, place) => near(line[4], learned[place][5], 1e-4, 'announced'));
  await playground.click('#to-playground');
  await at(playground, 8);
  await playground.locator('.network .unit').nth(3).press('Enter');
  const after = await values();
  learned.forEach((line, place) => near(line[5], [...after.slice(1), after[0]][place], 1e-4, 'after'));
});

test('dropout\'s zero is followed through one unit, by one click', async (t) => {
  const page = await open(t, ROOM);
  await isShown(page);
  await page.click('#with-dropout');
  await page.locator('.badge.silent').nth(1).waitFor();
  const { equations: [, [r, , a, d], [rBack, , dd, da], [, , dz]], learned } = await numbers(page);
  assert.deepEqual([r, d, rBack, da, dz], [0, 0, 0, 0, 0]);
  assert.ok(a !== 0 && dd !== 0, 'what is struck out was computed');
  assert.deepEqual(await page.$$eval('s.number', (struck) => struck.map((number) => number.closest('.term').getAttribute('aria-label').split(' ')[0])), ['a', 'dd']);
  learned.forEach(([ofExample]) => assert.equal(ofExample, 0));
  assert.ok(learned.some(([, mean]) => mean !== 0), 'the other examples teach it');
  assert.match(await page.textContent('#pass-learning'), /this example says 0 to all its parameters/);
  await page.click('#other-mask');
  await page.waitForFunction(() => !document.querySelector('.badge.silent'));
  assert.notEqual((await numbers(page)).equations[3][2], 0);
});

test('units, examples and numbers are reached by the keyboard, and the address has them', async (t) => {
  const page = await open(t, { ...ROOM, fragment: TRAINING });
  await isShown(page);
  await page.locator('.unit[aria-pressed="true"]').press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('#unit-title').textContent.startsWith('Layer 2, unit 1'));
  await page.locator('#example').press('ArrowUp');
  await page.waitForFunction(() => document.querySelector('#unit-title').textContent.endsWith('example 2'));
  await page.locator('#passes .term[tabindex="0"]').focus();
  assert.match(await caption(page), /^x 1 = .* What Layer 1, unit 1 sends for this example, behind its dropout/);
  assert.equal(await page.locator('.unit.pointed').getAttribute('aria-label'), 'Layer 1, unit 1');
  await page.keyboard.press('ArrowRight');
  assert.match(await caption(page), /^w 1 = .* The weight by which Layer 1, unit 1 enters/);
  await page.keyboard.press('ArrowDown');
  assert.match(await caption(page), /^w 2 = /);
  // The update is shown of the parameter that is looked at.
  await page.locator('.learned tbody tr').last().locator('.term').first().focus();
  assert.match(await page.locator('#pass-learning h4').last().textContent(), /: Bias$/);
  const { learned, equations } = await numbers(page);
  near(equations.at(-1).at(-1), learned.at(-1)[5], 1e-3, 'the update of the bias');
  await page.waitForFunction(() => location.hash.endsWith('&step=7&unit=2.1&example=2'));
  const { sums } = await numbers(page);
  await page.reload();
  await isShown(page);
  const again = await numbers(page);
  assert.deepEqual([again.sums, again.learned], [sums, learned]);

  // Another point by the mouse: whichever lies nearest to it.
  const box = await page.locator('.examples').boundingBox();
  await page.mouse.click(box.x + 5, box.y + box.height - 5);
  await page.waitForFunction(() => !document.querySelector('#unit-title').textContent.endsWith('example 2'));
});

test('the output: prediction minus target', async (t) => {
  const page = await open(t, { ...ROOM, fragment: `${TRAINING}&unit=3.1` });
  await isShown(page);
  const { equations: [[z, a], [prediction, target, dz]] } = await numbers(page);
  near(1 / (1 + Math.exp(-z)), a, 1e-3, 'sigmoid');
  near(prediction - target, dz, 1e-4, 'dz');
  assert.match(await page.textContent('#example-said'), new RegExp(`class ${target}`));
});

test('what cannot be followed is refused in words, with a way out', async (t) => {
  const page = await open(t, { ...ROOM, fragment: TRAINING.replace('l1=0', 'l1=0.1') });
  await page.click('#way-out');
  await isShown(page);
  assert.equal(await page.isVisible('#notice'), false);
  await page.waitForFunction(() => location.hash.includes('l1=0&'));
});

test('a long sum is folded, and its rest is added up', async (t) => {
  const page = await open(t, { ...ROOM, fragment: TRAINING.replace('5tanh~0.4', '20relu').concat('&unit=2.1') });
  await isShown(page);
  const { sums: [folded] } = await numbers(page);
  assert.equal(folded.length, 13);
  await page.click('#all-terms');
  const { sums: [all] } = await numbers(page);
  assert.equal(all.length, 22);
  near(all.slice(10, 20).reduce((sum, line) => sum + line[2], 0), folded[10][0], 1e-2, 'the rest');
});

test('a link that cannot be read and a training that is refused leave the example of the room', async (t) => {
  for (const [fragment, words] of [['#v=1&data=moon', 'This link cannot be read: “data” says “moon”'], [TRAINING.replace('gradient-descent', 'l-bfgs'), 'The engine does not take this']]) {
    const page = await open(t, { ...ROOM, fragment });
    await isShown(page);
    await page.waitForFunction((words) => document.querySelector('#notice').textContent.includes(words), words);
    assert.equal(await page.textContent('#unit-title'), 'Layer 1, unit 2, for example 1');
  }
});

test('a browser without WebAssembly gets one sentence', async (t) => {
  const page = await open(t, { ...ROOM, before: () => delete globalThis.WebAssembly });
  await page.waitForFunction(() => document.querySelector('#notice').textContent.includes('needs WebAssembly'));
});

test('a table of the reader\'s own opens, with a map and without', async (t) => {
  const page = await open(t);
  const rows = (row) => Array.from({ length: 60 }, (_, at) => row(at)).join('\n');
  for (const [name, text, words, hasPlane] of [
    ['three.csv', `a,b,c,label\n${rows((at) => `${at % 7},${at % 5},${at % 3},${at % 2 ? 'yes' : 'no'}`)}\n`, 'of those learned from', false],
    ['price.csv', `a,b,price\n${rows((at) => `${at % 7},${at % 5},${at * 1.5}`)}\n`, 'target', true],
  ]) {
    await page.setInputFiles('#file', { name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.waitForFunction((name) => location.hash.includes(`file=${name}`), name);
    await page.locator('.network .unit[aria-label="Output"]').press('Enter');
    await page.locator('#unit a.button').press('Enter');
    await isShown(page);
    assert.ok((await page.textContent('#example-said')).includes(words));
    assert.equal(await page.isVisible('#plane'), hasPlane);
    const { equations: [[z, a], [prediction, target, dz]] } = await numbers(page);
    near(hasPlane ? z : 1 / (1 + Math.exp(-z)), a, 1e-3, 'what the output makes of z');
    near(prediction - target, dz, 1e-3, 'dz');
    await page.click('.rooms a[href^="gradient.html"]');
    await page.locator('#scatter svg').waitFor();
    await page.goBack();
    await page.goBack();
    await page.locator('.network .unit').first().waitFor();
  }
});
