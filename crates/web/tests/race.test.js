// The race as a person runs it; its numbers are compared with those of a session that the test asks itself, with plans written by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, isNoWider } from './axe.js';
import { address, browser, open } from './browser.js';

const DATA = { source: 'spirals', samples: 300, noise: 0.05, seed: 0 };
const RECIPE = {
  hidden: [{ units: 8, activation: 'tanh' }, { units: 8, activation: 'tanh' }],
  init: 'xavier', optimizer: 'adam', learning_rate: 0.03, batch_size: 32, epochs: 1000, seed: 0, precision: 'f32',
  penalty: { l2: 0, l1: 0 }, schedule: 'constant', validation: { share: 0.2, patience: 0 },
};

/** What a session answers, command by command: its events, and the numbers. */
async function asked(commands) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${address}icon.svg`);
  const replies = await page.evaluate(async (commands) => {
    const { default: init, Session } = await import('/engine/nablab.js');
    await init();
    const session = new Session();
    return commands.map((command) => ({ events: JSON.parse(session.answer(JSON.stringify(command))), numbers: [...session.numbers()] }));
  }, commands);
  await page.close();
  return replies;
}

/** Loss and accuracy, learned from and held out, as the table writes them. */
function written({ events }) {
  const at = events.find(({ event }) => event === 'at');
  const share = (value) => `${(100 * value).toFixed(value > 0.9995 ? 0 : 1)} %`;
  return [at.loss.toFixed(4), share(at.accuracy), at.held_out_loss.toFixed(4), share(at.held_out_accuracy)];
}

const race = (test, options = {}) => open(test, { room: 'race.html', ...options });
const stands = (page, step) => page.waitForFunction((step) => {
  const time = document.querySelector('#time');
  return Number(time.value) === step && document.querySelector('#state').textContent.match(/^Ready|^All/) && location.hash.includes(step ? `step=${step}&` : 'variants=');
}, step);
const rows = (page, table = '#numbers') => page.$$eval(`${table} tr`, (rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)));
const names = (page) => page.$$eval('#lanes h3', (titles) => titles.map((title) => title.textContent));
const says = (page, words) => page.waitForFunction((words) => document.querySelector('#luck-words').textContent.includes(words), words);

test('three first weights run side by side, each with the numbers of its own training', async (t) => {
  const page = await race(t);
  await stands(page, 0);
  assert.deepEqual(await names(page), ['A Zeros', 'B Large (σ = 10)', 'C He']);
  for (let epoch = 0; epoch < 5; epoch++) await page.click('#one-epoch');
  await stands(page, 40);
  const numbers = await rows(page);
  assert.ok(Math.abs(Number(numbers[0][0]) - Math.LN2) < 0.001, 'zeros say one half of every point');
  const inits = { 0: 'zeros', 1: { normal: { scale: 10 } }, 2: 'he' };
  for (const [row, init] of Object.entries(inits)) {
    const [, reply] = await asked([{ do: 'begin', plan: { data: DATA, recipe: { ...RECIPE, init }, changes: [] } }, { do: 'seek', step: 40 }]);
    assert.deepEqual(numbers[row], [...written(reply), '5']);
  }
  // Back in time together, by the keyboard.
  await page.locator('#time').focus();
  await page.keyboard.press('Home');
  await stands(page, 0);
  await page.keyboard.press('End');
  await stands(page, 40);
  assert.deepEqual(await rows(page), numbers);
  const maps = await page.$$eval('#lanes canvas', (maps) => maps.map((map) => map.toDataURL()));
  assert.equal(new Set(maps).size, 3);
  await page.click('#play');
  await page.waitForFunction(() => Number(document.querySelector('#time').value) > 60);
  await page.click('#play');
  await page.waitForFunction(() => document.querySelector('#state').textContent.startsWith('Ready'));
  const epochs = (await rows(page)).map((cells) => cells[4]);
  assert.equal(new Set(epochs).size, 1, 'all stand at the same step');
});

test('variants are added, changed, copied and removed, and all of it is a link', async (t) => {
  const page = await race(t);
  await stands(page, 0);
  await page.click('#preset-rules');
  await page.waitForFunction(() => document.querySelectorAll('#lanes li').length === 4);
  assert.deepEqual(await names(page), ['A Gradient descent, full batch', 'B Gradient descent, batch size 32', 'C Momentum, batch size 32', 'D Adam, batch size 32']);
  await page.click('#preset-regularisers');
  await page.waitForFunction(() => document.querySelectorAll('#lanes li').length === 3);
  assert.deepEqual(await names(page), ['A No L2 penalty, no dropout', 'B L2 penalty 0.7', 'C Dropout 0.14']);
  await page.locator('[aria-label="Remove: A"]').press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('#lanes li').length === 2);
  assert.ok(await page.locator('[aria-label="Remove: A"]').isDisabled(), 'two are the least');
  await page.click('[aria-label="Copy: B"]');
  await page.waitForFunction(() => document.querySelectorAll('#lanes li').length === 3);
  await page.fill('#knob-rate', '0.1');
  await page.press('#knob-rate', 'Enter');
  await page.waitForFunction(() => document.querySelector('#lanes li:last-child h3').textContent === 'C Learning rate 0.1, dropout 0.14');
  // What all have is changed for all; a variant keeps what is its own.
  await page.click('#chosen button:has-text("All")');
  await page.fill('#knob-rate', '0.01');
  await page.press('#knob-rate', 'Enter');
  await page.click('label.set:has(#data-moons)');
  await page.waitForFunction(() => location.hash.includes('data=moons') && location.hash.includes('rate=0.01'));
  assert.deepEqual(await names(page), ['A Learning rate 0.01, L2 penalty 0.7', 'B Learning rate 0.01, dropout 0.14', 'C Learning rate 0.1, dropout 0.14']);
  await page.click('#one-epoch');
  await stands(page, 8);
  const numbers = await rows(page);
  await page.reload();
  await stands(page, 8);
  assert.deepEqual(await rows(page), numbers);
  // The playground opens the training that all have.
  await page.locator('nav a', { hasText: 'Playground' }).click();
  await page.waitForFunction(() => document.querySelector('#train-loss')?.textContent);
  assert.equal(await page.inputValue('#knob-rate'), '0.01');
  assert.ok(await page.isChecked('#data-moons'));
});

test('a link that is wrong, and one with changes on its way, are said so', async (t) => {
  const page = await race(t, { fragment: '#v=1&fork=8&variants=init=he;' });
  await page.waitForFunction(() => document.querySelector('#notice').textContent.includes('“variants” says “init=he;”'));
  await page.evaluate(() => (location.hash = '#v=1&then=8:rate=0.3&step=16'));
  await page.waitForFunction(() => document.querySelector('#notice').textContent.includes('changed on its way'));
  await page.waitForFunction(() => location.hash.includes('rate=0.3') && !location.hash.includes('then='));
  // A variant that the engine does not take leaves the race as it was.
  await page.click('[aria-label="Change: B"]');
  await page.selectOption('#knob-rule', 'l-bfgs');
  await page.waitForFunction(() => location.hash.includes('rule=l-bfgs'));
  const before = await names(page);
  await page.fill('#dropout-0', '0.5');
  await page.press('#dropout-0', 'Enter');
  await page.waitForFunction(() => document.querySelector('#notice').textContent.startsWith('Variant B: the engine does not take this'));
  assert.deepEqual(await names(page), before);
  assert.equal(await page.inputValue('#dropout-0'), '0');
});

test('was it luck? As many wins as there are, and “better” only where the test says so', async (t) => {
  const page = await race(t, { fragment: '#v=1&step=120&variants=init=zeros;init=he;rate=0.031;rate=1000,rule=gradient-descent,net=8relu' });
  await stands(page, 120);
  await page.selectOption('#luck-count', '10');
  await page.selectOption('#luck-measure', 'loss');
  await page.selectOption('#luck-with', 'first');
  await page.click('#luck-start');
  await says(page, 'than D');
  const seeds = Array.from({ length: 10 }, (_, seed) => ({ seed }));
  const changes = [
    { init: 'zeros' }, { init: 'he' }, { learning_rate: 0.031 },
    { learning_rate: 1000, optimizer: 'gradient-descent', hidden: [{ units: 8, activation: 'relu' }] },
  ];
  const replies = await asked(changes.map((change) => ({ do: 'train', plan: { data: DATA, recipe: { ...RECIPE, ...change }, changes: [] }, variants: seeds, steps: 120 })));
  const ends = replies.map(({ numbers }) => seeds.map((_, seed) => numbers.slice(6 * seed, 6 * seed + 6)));
  const losses = ends.map((all) => all.map(([, loss, , , , isDiverged]) => (isDiverged ? Infinity : loss)));
  const table = await rows(page, '#luck-numbers');
  losses.slice(0, 3).forEach((all, row) => {
    const sorted = all.toSorted((a, b) => a - b);
    assert.equal(table[row][0], ((sorted[4] + sorted[5]) / 2).toFixed(4), 'the median');
  });
  const diverged = losses[3].filter((loss) => loss === Infinity).length;
  assert.ok(diverged > 0);
  assert.equal(table[3][3], String(diverged));
  assert.equal(await page.locator('.strip .variant-3 .gone').count(), diverged);
  assert.equal(await page.locator('.strip .seed').count(), 40 - diverged);
  // A seed among the dots runs above.
  const at = (seed) => page.$eval(`.strip .variant-1 [data-seed="${seed}"]`, (dot) => dot.dispatchEvent(new MouseEvent('click', { bubbles: true })));
  await at(7);
  await page.waitForFunction(() => location.hash.includes('seed=7'));
  assert.equal((await rows(page))[1][0], losses[1][7].toFixed(4));
  // He wins with every seed: of 2¹⁰ signs two are as far to one side, and 2 / 1024 is below 0.05 / 3.
  assert.ok(losses[1].every((loss, seed) => loss < losses[0][seed]));
  const words = await page.$$eval('#luck-words li', (items) => items.map((item) => item.textContent));
  assert.equal(words.length, 3);
  assert.match(words[0], /^B \(.*He.*\) has the better training loss than A \(.*Zeros.*\) with 100 % of the seeds.*p = 0\.002\)/);
  assert.match(words[2], /^A .* has the better training loss than D/);

  // Batches that are hardly others, and two that are the same.
  await page.evaluate(() => (location.hash = '#v=1&step=40&variants=batch=32;batch=31;batch=32'));
  await stands(page, 40);
  await page.click('#luck-start');
  await says(page, 'the same training loss with every seed');
  const said = await page.textContent('#luck-words');
  assert.match(said, /A .* and B .* cannot be told apart/);
  assert.doesNotMatch(said, /better/);
});

test('many seeds can be cancelled, the page stays free, and another race has no results yet', async (t) => {
  const page = await race(t);
  await stands(page, 0);
  await page.selectOption('#luck-count', '300');
  await page.click('#luck-start');
  await page.waitForFunction(() => Number(document.querySelector('#luck-progress').value) >= 3);
  await page.click('#one-step');
  await stands(page, 1);
  await page.click('#luck-start');
  await page.waitForFunction(() => document.querySelector('#luck-said').textContent.startsWith('Cancelled'));
  assert.equal(await page.textContent('#luck-start'), 'Train them');
  await page.click('#preset-rules');
  await page.waitForFunction(() => document.querySelector('#luck-table').hidden);
});

test('a fork at any instant: two futures of one past', async (t) => {
  const page = await open(t);
  await page.click('#one-epoch');
  await page.waitForFunction(() => document.querySelector('#time').value === '8');
  await page.fill('#knob-rate', '0.1');
  await page.press('#knob-rate', 'Enter');
  await page.locator('#turns button').waitFor();
  await page.click('#one-epoch');
  await page.waitForFunction(() => document.querySelector('#time').value === '16');
  await page.click('#fork');
  await stands(page, 16);
  assert.match(await page.textContent('#lanes-said'), /up to step 16 all variants are one training/);
  assert.ok(await page.locator('#knob-seed').isDisabled() && await page.locator('#units-0').isDisabled() && await page.locator('#data-moons').isDisabled());
  assert.ok(await page.locator('#preset-initialisers').isDisabled());
  assert.ok(await page.locator('#fixed').isVisible());
  await page.selectOption('#knob-rule', 'momentum');
  await page.waitForFunction(() => document.querySelector('#lanes li:last-child h3').textContent === 'B Momentum');
  await page.click('#one-epoch');
  await page.click('#one-epoch');
  await stands(page, 32);
  const numbers = await rows(page);
  const past = { step: 8, recipe: { ...RECIPE, learning_rate: 0.1 } };
  const future = { step: 16, recipe: { ...RECIPE, learning_rate: 0.1, optimizer: 'momentum' } };
  for (const [row, changes] of [[past], [past, future]].entries()) {
    const [, reply] = await asked([{ do: 'begin', plan: { data: DATA, recipe: RECIPE, changes } }, { do: 'seek', step: 32 }]);
    assert.deepEqual(numbers[row], [...written(reply), '4']);
  }
  await page.reload();
  await stands(page, 32);
  assert.deepEqual(await rows(page), numbers);
  // Each of them has its place in the playground.
  await page.click('[aria-label="Open in the playground: B"]');
  await page.waitForFunction(() => document.querySelector('#train-loss')?.textContent);
  assert.equal(await page.textContent('#train-loss'), numbers[1][0]);
  assert.deepEqual(await page.locator('#turns li').allTextContents(), ['Step 8: Learning rate: 0.1', 'Step 16: Update rule: Momentum']);
});

test('a table of the reader\'s own, without a map and without classes', async (t) => {
  const page = await open(t);
  const rows = Array.from({ length: 60 }, (_, at) => `${at % 7},${(at * 5) % 11},${(at * 3) % 13},${(at % 7) - 0.5 * ((at * 5) % 11)}`);
  await page.setInputFiles('#file', { name: 'own.csv', mimeType: 'text/csv', buffer: Buffer.from(`a,b,c,y\n${rows.join('\n')}\n`) });
  await page.waitForFunction(() => document.querySelector('#train-rows').textContent === '48' && location.hash.includes('file=own.csv'));
  await page.locator('nav a', { hasText: 'Race' }).click();
  await stands(page, 0);
  assert.ok(await page.isHidden('#accuracy-part'));
  assert.match(await page.textContent('#lanes .note'), /this table has 3 features/);
  assert.match(await page.textContent('#lanes-said'), /^All variants are alike/);
  await page.fill('#knob-rate', '1e-9');
  await page.press('#knob-rate', 'Enter');
  await page.waitForFunction(() => location.hash.includes('variants=;rate=1e-9'));
  await page.click('#one-epoch');
  await stands(page, 2);
  assert.equal(await page.inputValue('#luck-measure'), 'heldOutLoss', 'there is no accuracy to judge by');
  await page.selectOption('#luck-count', '10');
  await page.click('#luck-start');
  await says(page, 'held-out loss');
  assert.equal(await page.textContent('#luck-numbers tr td:nth-of-type(4)'), '0', 'none has diverged');
  // In another tab the file is not there.
  const other = await race(t, { fragment: new URL(page.url()).hash });
  await other.waitForFunction(() => document.querySelector('#notice').textContent.includes('“own.csv”, which a link cannot hold'));
  await other.waitForFunction(() => document.querySelectorAll('#lanes li').length === 3 && document.querySelector('#numbers td').textContent);
  assert.ok(other.url().includes('file=own.csv'), 'the link waits for its file');
});

test('rules of access of a fork with its seeds', async (t) => {
  const page = await race(t, { fragment: '#v=1&step=16&fork=8&variants=;rate=1000', colorScheme: 'dark', width: 420, bypassCSP: true });
  await page.locator('#numbers td:not(:empty)').first().waitFor();
  await page.selectOption('#luck-count', '10');
  await page.click('#luck-start');
  await page.locator('#luck-words li').waitFor();
  assert.deepEqual(await findings(page), []);
  await isNoWider(page);
});
