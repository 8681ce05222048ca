// The room of the gradient check: a right gradient agrees, a planted mistake is seen, a hidden one can be found.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './browser.js';

const ROOM = { room: 'gradient.html' };
const TRAINING = '#v=1&data=moons&samples=80&noise=0.2&share=0.25&points=3&rule=gradient-descent&rate=0.1&batch=8&schedule=constant&l2=0&l1=0&epochs=50&init=xavier&seed=5&precision=f64&net=5tanh~0.4_3tanh&step=3';
/** 2 · 5 + 5 + 5 · 3 + 3 + 3 + 1. */
const PARAMETERS = 37;

const isShown = (page) => page.locator('#scatter svg').waitFor();
const says = (page, id, words) => page.waitForFunction(([id, words]) => document.querySelector(id).textContent.includes(words), [id, words]);
const plant = (page, bug) => page.locator(`#list input[value="${bug}"]`).press('Space');

/** The table, row by row: name, analytic, numeric, ratio, share, verdict. */
const rows = (page) => page.$$eval('#table tbody tr', (all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
const read = (text) => Number(text.replaceAll('−', '-'));

test('a right gradient agrees, and is that of the opened unit', async (t) => {
  const fragment = TRAINING.replace('l2=0', 'l2=0.3');
  const page = await open(t, { ...ROOM, fragment });
  await isShown(page);
  assert.match(await page.textContent('#verdict'), /both gradients agree in all 37 parameters/);
  const all = await rows(page);
  assert.equal(all.length, PARAMETERS);
  assert.ok(all.every(([, , , , , verdict]) => verdict === 'agrees' || verdict === 'round-off'));
  assert.match(await page.textContent('#best'), /the best ε here is 10⁻[⁴⁵⁶]:/);

  const unit = await open(t, { room: 'unit.html', fragment: `${fragment}&unit=2.3` });
  await unit.locator('#passes .term').first().waitFor();
  const gradients = await unit.$$eval('.learned tbody tr', (lines) => lines.map((line) => line.querySelectorAll('.number')[3].textContent));
  const names = [0, 1, 2, 3, 4].map((input) => `W2[2, ${input}]`).concat('b2[2, 0]');
  names.forEach((name, at) => {
    const [, analytic] = all.find(([own]) => own === name);
    assert.ok(Math.abs(read(analytic) - read(gradients[at])) < 1e-4, `${name}: ${analytic} and ${gradients[at]}`);
  });
});

test('a planted mistake is seen where it is, and named', async (t) => {
  const page = await open(t, { ...ROOM, fragment: TRAINING });
  await isShown(page);
  await plant(page, 'missing-mean@2');
  await says(page, '#verdict', 'the mean over 8 examples is missing');
  const wrong = (await rows(page)).filter(([, , , , , verdict]) => verdict === 'wrong');
  assert.equal(wrong.length, 15);
  wrong.forEach(([name, , , ratio]) => {
    assert.match(name, /^W2/);
    assert.ok(Math.abs(read(ratio) - 8) < 1e-3, ratio);
  });
  assert.equal(await page.locator('#scatter .point.wrong').count(), 15);
  assert.equal(await page.locator('#epsilons .curve-wrong').count(), 1);
  await page.waitForFunction(() => location.hash.endsWith('&step=3&bugs=missing-mean@2'));

  // Another beside it, and all away again.
  await plant(page, 'sign@3');
  await says(page, '#verdict', 'W3');
  assert.match(await page.textContent('#verdict'), /There is a mistake: 3\d of 37/);
  await page.click('#none');
  await says(page, '#verdict', 'No mistake');
  assert.equal(await page.locator('#list input:checked').count(), 0);

  await page.reload();
  await isShown(page);
  await page.locator('#parameter').press('End');
  assert.match(await page.textContent('#parameter-said'), /^b3\[0, 0\]: analytic .* agrees\.$/);
  const box = await page.locator('#scatter .point').first().boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  assert.doesNotMatch(await page.textContent('#parameter-said'), /^b3/);
});

test('a mistake that changes a shape is explained, and one without a place is left out', async (t) => {
  const page = await open(t, { ...ROOM, fragment: `${TRAINING}&bugs=transposed@1` });
  await says(page, '#verdict', 'Look at shapes first');
  assert.match(await page.textContent('#verdict'), /Here it is dW1/);
  assert.equal(await page.isVisible('#pictures'), false);
  await plant(page, 'transposed@1');
  await isShown(page);
  await page.goto(page.url().replace(/&bugs=.*/, '').concat('&bugs=missing-penalty@1'));
  await says(page, '#notice', 'This network has no place for missing-penalty@1');
  await says(page, '#verdict', 'No mistake');
});

test('a hidden mistake is the same for everybody, and is found', async (t) => {
  const link = { ...ROOM, fragment: `${TRAINING}&hidden=17` };
  const page = await open(t, link);
  await says(page, '#verdict', 'There is a mistake');
  assert.match(await page.textContent('#verdict'), /said in words once you have named/);
  assert.equal(await page.locator('.found').count(), 0);
  const classmate = await open(t, link);
  await says(classmate, '#verdict', 'There is a mistake');
  assert.deepEqual(await rows(classmate), await rows(page));

  // Backward goes from the output to the inputs: the mistake is in the last layer that is wrong.
  const wrong = (await rows(page)).filter(([, , , , , verdict]) => verdict === 'wrong');
  const layer = Math.max(...wrong.map(([name]) => Number(name[1])));
  const all = (await page.$$eval('#list input', (inputs) => inputs.map((input) => input.value))).filter((value) => value.endsWith(`@${layer}`));
  const name = async (value) => {
    await page.locator(`#list input[value="${value}"]`).check();
    const before = await page.textContent('#judged');
    await page.click('#list button[type="submit"]');
    await page.waitForFunction((before) => document.querySelector('#judged').textContent !== before, before);
    return page.textContent('#judged');
  };
  let said = '';
  for (const value of all) {
    said = await name(value);
    if (said.startsWith('✓')) break;
    assert.match(said, /^✕ No\. d.*(Compare it with the pictures|another shape|would find nothing)/);
  }
  assert.match(said, /^✓ Right\. d/);
  assert.equal(await page.locator('.found').count(), 1);

  await classmate.locator('#list button[type="button"]').press('Enter');
  await says(classmate, '#judged', 'Hidden was this one');
  await classmate.click('#hide');
  await classmate.waitForFunction(() => /&hidden=\d+$/.test(location.hash));
  assert.equal(await classmate.isVisible('#judged'), false);
});

test('findings follow the language, and a network that is too large has a way out', async (t) => {
  const page = await open(t, { ...ROOM, fragment: `${TRAINING}&bugs=missing-mean@2` });
  await says(page, '#verdict', 'examples is missing');
  await page.click('#language');
  await says(page, '#verdict', '缺少对 8 个样本取平均');

  const large = await open(t, { ...ROOM, fragment: TRAINING.replace('5tanh~0.4_3tanh', '64relu_32relu') });
  await says(large, '#notice', '2,305 parameters');
  await large.click('#way-out');
  await isShown(large);
});
