// The playground as a person uses it, with the mouse and with the keyboard alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, open, shown, step } from './browser.js';

const hasPassed = (page, steps) => page.waitForFunction((steps) => Number(document.querySelector('#time').value) > steps, steps);
const says = (page, words) => page.waitForFunction((words) => document.querySelector('#notice').textContent.includes(words), words);
const seek = (page, to) => page.$eval('#time', (time, to) => {
  time.value = to;
  time.dispatchEvent(new Event('input', { bubbles: true }));
}, to);
const addressSays = (page, words) => page.waitForFunction((words) => location.hash.includes(words), words);

test('it plays, pauses, goes back, and has the same numbers again', async (t) => {
  const page = await open(t);
  const start = await shown(page);
  await page.click('#play');
  await hasPassed(page, 25);
  assert.equal(await page.textContent('#play'), 'Pause');
  await page.click('#play');
  await page.waitForFunction(() => document.querySelector('#play').textContent === 'Play');
  await page.click('#one-step');
  await page.click('#one-epoch');
  await page.waitForTimeout(150);
  const end = await step(page);
  assert.equal(end % 8, 0, 'an epoch is eight steps of 32 of 240 points');
  const later = await shown(page);
  await seek(page, 10);
  await at(page, 10);
  const early = await shown(page);
  assert.notDeepEqual(early, later);
  await seek(page, 0);
  await at(page, 0);
  assert.deepEqual(await shown(page), start);
  // The slider itself, with the mouse: its right end is the last step that was made.
  const box = await page.locator('#time').boundingBox();
  await page.mouse.click(box.x + box.width - 3, box.y + box.height / 2);
  await at(page, end);
  assert.deepEqual(await shown(page), later);
  await page.locator('#time').focus();
  await page.keyboard.press('ArrowLeft');
  await at(page, end - 1);
});

test('a link opens the same training at the same step, with what was changed on the way', async (t) => {
  const page = await open(t);
  await page.click('#one-epoch');
  await at(page, 8);
  await page.fill('#knob-rate', '0.1');
  await page.press('#knob-rate', 'Enter');
  await says(page, 'Learning rate changed at step 8');
  await page.click('#one-epoch');
  await at(page, 16);
  // A weight is pulled up by hand: the line is a long way from either end there.
  const grip = page.locator('.grip').first();
  const [x, y] = await grip.evaluate((path) => {
    const middle = path.getPointAtLength(path.getTotalLength() * 0.3);
    const { left, top } = path.ownerSVGElement.getBoundingClientRect();
    return [left + middle.x, top + middle.y];
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - 30, { steps: 3 });
  await page.mouse.up();
  await says(page, 'A weight is set by hand at step 16');
  await page.click('#one-epoch');
  await at(page, 24);
  await page.selectOption('#knob-rule', 'momentum');
  await says(page, 'Update rule changed at step 24');
  await page.fill('#knob-batch', 'all');
  await page.press('#knob-batch', 'Enter');
  await page.waitForFunction(() => document.querySelector('#state').textContent.includes('Step 24 of 1,021, epoch 3 of 1,000'));
  await page.fill('#knob-batch', '32');
  await page.press('#knob-batch', 'Enter');
  await page.waitForFunction(() => document.querySelector('#state').textContent.includes('Step 24 of 8,000, epoch 3 of 1,000'));
  await page.selectOption('#activation-1', 'relu');
  await says(page, 'network changed at step 24');
  await page.click('#one-epoch');
  await at(page, 32);
  await addressSays(page, 'step=32');
  const fragment = new URL(page.url()).hash;
  assert.match(fragment, /then=8:rate=0.1;16:w\d+=-?[\d.]+;24:rule=momentum;24:batch=0;24:batch=32;24:net=8tanh_8relu&step=32$/);
  const again = await open(t, { fragment });
  await at(again, 32);
  await again.locator('.unit[aria-pressed=false]').first().waitFor();
  const unit = await page.locator('.unit[aria-pressed=true]').getAttribute('aria-label');
  await again.click(`.unit[aria-label="${unit}"]`);
  assert.deepEqual(await shown(again), await shown(page));
  // Before the change, its knob shows what held then.
  await seek(again, 5);
  await at(again, 5);
  assert.equal(await again.inputValue('#knob-rate'), '0.03');
  assert.equal(await again.inputValue('#knob-rule'), 'adam');
  const turns = again.locator('#turns button');
  assert.deepEqual((await turns.allTextContents()).map((text) => text.replace(/weight = .*/, 'weight')), [
    'Step 8: Learning rate: 0.1', 'Step 16: a weight', 'Step 24: Update rule: Momentum', 'Step 24: Batch size: all',
    'Step 24: Batch size: 32', 'Step 24: The network',
  ]);
  await turns.nth(2).click();
  await at(again, 24);
  await again.waitForFunction(() => document.querySelector('#knob-rule').value === 'momentum');
});

test('what cannot change on the way begins anew and says so', async (t) => {
  const page = await open(t);
  await page.click('#one-epoch');
  await at(page, 8);
  await page.click('#data-moons');
  await says(page, 'Data set cannot change in the middle of a training. The training has begun anew.');
  await at(page, 0);
  assert.equal(await page.inputValue('#knob-noise'), '0.2', 'a set brings its noise');
  await page.click('#more-layers');
  await page.waitForFunction(() => document.querySelectorAll('.unit').length === 2 + 24 + 1);
  await page.click('#data-blobs');
  await page.waitForFunction(() => document.querySelectorAll('#legend .mark').length === 5);
  assert.equal(await page.locator('.unit[aria-label^="Output for class"]').count(), 3);
  await page.selectOption('#knob-rule', 'l-bfgs');
  await page.waitForFunction(() => document.querySelector('#knob-batch').value === 'all');
  await page.click('#one-step');
  await at(page, 1);
});

test('the keyboard alone sets a knob, trains, walks the network and sets a weight', async (t) => {
  const page = await open(t);
  const tabTo = async (id) => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((id) => document.activeElement?.matches(id), id)) return;
    }
    assert.fail(`Tab does not come to ${id}`);
  };
  await tabTo('#skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'boundary');
  await page.keyboard.press('Shift+Tab');
  await tabTo('#play');
  await page.keyboard.press('Enter');
  await hasPassed(page, 3);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#play').textContent === 'Play');
  await tabTo('#time');
  await page.keyboard.press('Home');
  await at(page, 0);
  await tabTo('.unit');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Layer 2, unit 2');
  await tabTo('#unit input');
  assert.equal(await page.evaluate(() => document.activeElement.labels[0].textContent), 'Bias');
  const map = (await shown(page)).map;
  await page.keyboard.press('ArrowUp');
  await says(page, 'A weight is set by hand at step 0. The steps that came after are forgotten.');
  assert.notEqual((await shown(page)).map, map);
  await tabTo('input[name=data]');
  await page.keyboard.press('ArrowLeft');
  await says(page, 'Data set');
  assert.equal(await page.isChecked('#data-moons'), true);
  await tabTo('#knob-samples');
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.querySelector('#train-rows').textContent === '160');
});

test('wrong input has one clear sentence, and nothing changes', async (t) => {
  const page = await open(t);
  const before = await shown(page);
  for (const [typed, said] of [['abc', 'A number from 1e-9 to 1000, not “abc”.'], ['0', 'not “0”'], ['', 'not “”']]) {
    await page.fill('#knob-rate', typed);
    await page.press('#knob-rate', 'Enter');
    await page.waitForFunction((said) => document.querySelector('#knob-rate-error')?.textContent.includes(said), said);
    assert.equal(await page.getAttribute('#knob-rate', 'aria-describedby'), 'knob-rate-error');
  }
  assert.deepEqual(await shown(page), before);
  await page.locator('#knob-rate').blur();
  for (const [fragment, said] of [
    ['#v=1&rate=fast', '“rate” says “fast”'],
    ['#v=7&rate=1', '“v” says “7”'],
    ['#v=1&net=8tanh_900relu', '“net”'],
    ['#v=1&colour=red', '“colour”'],
    ['#v=1&then=5:samples=20', '“then”'],
    ['#%E0%A4%A', 'cannot be read'],
    ['#v=1&rule=l-bfgs', 'The engine does not take this'],
  ]) {
    await page.evaluate((fragment) => (location.hash = fragment), fragment);
    await says(page, said);
    await page.waitForFunction(() => document.querySelector('#knob-rate').value === '0.03');
  }
});

test('it says how to repeat it in a terminal', async (t) => {
  const page = await open(t);
  await page.click('#share');
  const script = await page.inputValue('#share-text-commands');
  assert.match(script, /^cat > recipe.toml <<'END'\n[^]*learning_rate = 0.03[^]*\nEND\nnablab data spirals --samples 300 [^]*nablab train spirals.csv --recipe recipe.toml --out run\n$/);
  assert.match(await page.inputValue('#share-text-link'), /#v=1&data=spirals/);
  await page.click('#sharing-close');
  await page.click('#one-step');
  await page.locator('#unit input').first().press('ArrowUp');
  await says(page, 'by hand');
  await page.click('#share');
  await page.locator('text=Commands cannot say that').waitFor();
});

test('a training that diverges says so, and time goes back to before', async (t) => {
  const fragment = '#v=1&rule=gradient-descent&rate=1000&net=8identity_8identity';
  const page = await open(t, { fragment });
  const start = await shown(page);
  await page.click('#play');
  await page.waitForFunction(() => document.querySelector('#state').textContent.includes('Diverged: a gradient is no longer a number'));
  assert.equal(await page.getAttribute('#play', 'aria-disabled'), 'true');
  await seek(page, 0);
  await at(page, 0);
  assert.deepEqual(await shown(page), start);
  assert.equal(await page.getAttribute('#play', 'aria-disabled'), 'false');
});

test('at the end of a training there is nothing to play, and after a reset there is', async (t) => {
  const page = await open(t, { fragment: '#v=1&epochs=1' });
  await page.click('#one-epoch');
  await at(page, 8);
  assert.equal(await page.getAttribute('#play', 'aria-disabled'), 'true');
  await page.selectOption('#knob-rule', 'momentum');
  await says(page, 'where the training is over');
  await page.click('#reset');
  await at(page, 0);
  assert.equal(await page.getAttribute('#play', 'aria-disabled'), 'false');
});

test('a browser without relaxed SIMD has the same numbers from the other module', async (t) => {
  const [usual, other] = [await open(t), await open(t, { lacks: 'RELAXED' })];
  for (const page of [usual, other]) {
    await page.click('#one-epoch');
    await at(page, 8);
  }
  assert.deepEqual(await shown(other), await shown(usual));
  const engines = (page) => page.workers()[0].evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name.split('/').pop()));
  assert.ok((await engines(usual)).includes('nablab_bg.wasm'));
  assert.ok((await engines(other)).includes('nablab-exact_bg.wasm'));
});

test('an engine that this browser does not take gets one sentence', async (t) => {
  const page = await open(t, { engine: 'a module with instructions of tomorrow' });
  await says(page, 'This browser cannot run the engine');
});

test('a browser without WebAssembly gets one sentence', async (t) => {
  const page = await open(t, { before: () => Reflect.deleteProperty(globalThis, 'WebAssembly') });
  await says(page, 'This browser cannot run the engine');
});

test('histograms have the weights of each layer, and fold', async (t) => {
  const page = await open(t, { fragment: '#v=1&data=xor&net=1tanh_3tanh' });
  const names = await page.locator('#histograms .bars > div > span').allTextContents();
  assert.deepEqual(names.map((name) => name.replace(/, σ.*/, '')), ['Layer 1: 2 weights', 'Layer 2: 3 weights', 'Output: 3 weights']);
  // The unit has the same weights in fields.
  const ends = async () => {
    const label = await page.locator('#histograms canvas').first().getAttribute('aria-label');
    return /from (\S+) to (\S+),/.exec(label).slice(1).map((text) => Number(text.replace('−', '-')));
  };
  const fields = async () => (await page.$$eval('#unit input', (inputs) => inputs.slice(1).map(({ value }) => Number(value)))).sort((a, b) => a - b);
  const isSame = (some, others) => some.forEach((value, at) => assert.ok(Math.abs(value - others[at]) < 0.006 * Math.abs(value), `${some} and ${others}`));
  isSame(await ends(), await fields());
  await page.click('#one-epoch');
  await at(page, 8);
  isSame(await ends(), await fields());
  await page.click('#histograms summary');
  assert.ok(await page.isHidden('#histograms canvas >> nth=0'));
  const counted = await page.evaluate(async () => {
    const { histogram } = await import('./draw/histograms.js');
    const { counts, ...said } = histogram(Float32Array.of(-2, 0, 2, 2, NaN), 2);
    return { bars: counts.length, counts: [counts[0], counts[(counts.length - 1) / 2], counts.at(-1)], ...said };
  });
  assert.deepEqual(counted, { bars: 31, counts: [1, 1, 2], least: -2, most: 2, deviation: Math.sqrt(2.75) });
});

test('a spike does not flatten the other losses', async (t) => {
  const page = await open(t, { fragment: '#v=1&step=40' });
  await at(page, 40);
  const tops = await page.evaluate(async () => {
    const { topOf } = await import('./draw/top.js');
    const rest = Array.from({ length: 99 }, () => 1);
    return { spike: topOf([[100, ...rest], [null]]), slope: topOf([Array.from({ length: 100 }, (_, at) => at / 10)]), none: topOf([[]]) };
  });
  assert.ok(tops.spike.top > 1 && tops.spike.top < 2 && tops.spike.above === 100);
  assert.ok(tops.slope.top > 9.9 && tops.slope.above === null);
  assert.deepEqual(tops.none, { top: 0.1, above: null });
  const curve = () => page.$eval('#loss-curve canvas', (canvas) => canvas.toDataURL());
  const linear = await curve();
  await page.check('#logarithmic');
  await page.waitForFunction((linear) => document.querySelector('#loss-curve canvas').toDataURL() !== linear, linear);
  await page.uncheck('#logarithmic');
  await page.waitForFunction((linear) => document.querySelector('#loss-curve canvas').toDataURL() === linear, linear);
});
