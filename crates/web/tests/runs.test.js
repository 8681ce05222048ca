// The room of runs and studies, as `nablab serve` has it of a directory.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findings, isNoWider } from './axe.js';
import { open } from './browser.js';
import { COMMAND, served } from './command.js';

const folder = await mkdtemp(join(tmpdir(), 'nablab-runs-'));
after(() => rm(folder, { recursive: true }));

const command = (...args) => execFileSync(COMMAND, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
const train = (name, ...flags) => ['train', 'moons.csv', '--target', 'label', '--hidden', '6', '--out', `runs/${name}`, '--quiet', ...flags];

await writeFile(join(folder, 'study.toml'), `
epochs = 3
learning_rate = { low = 1e-3, high = 1e-1, log = true }
optimizer = { choices = ["adam", "sgd"] }
[data]
file = "moons.csv"
target = ["label"]
[study]
name = "rates"
trials = 12
`);
command('data', 'moons', '--samples', '120', '--seed', '3', '--out', 'moons.csv');
command(...train('quick', '--learning-rate', '0.1', '--epochs', '20'));
command(...train('<b>calm & "slow"', '--learning-rate', '0.01', '--epochs', '30'));
command('study', 'run', 'study.toml', '--out', 'studies/rates', '--quiet');
command('study', 'confirm', 'studies/rates', '--top', '2', '--seeds', '3', '--quiet');

const ROOM = { room: 'runs.html' };
const choose = (page, name) => page.locator('.listed label', { hasText: name }).click();
const texts = (page, selector) => page.$$eval(selector, (elements) => elements.map((element) => element.textContent.trim()));

test('runs are compared, and the address keeps which', async (t) => {
  const { address } = await served(t, folder);
  const page = await open(t, { at: address });
  await page.click('.rooms a[href="runs.html"]');
  await page.locator('.listed label').first().waitFor();
  assert.deepEqual((await texts(page, '#runs .name')).sort(), ['runs/<b>calm & "slow"', 'runs/quick']);
  await choose(page, 'runs/quick');
  await choose(page, 'calm');
  const rows = () => texts(page, '.facts tbody td.number');
  await page.waitForFunction(() => document.querySelectorAll('.facts tbody tr').length === 2);
  const shown = await rows();
  const last = async (run) => (await readFile(join(folder, 'runs', run, 'history.csv'), 'utf8')).trim().split('\n').at(-1).split(',').map(Number);
  const [epoch, , , loss, score, heldLoss, heldScore] = await last('quick');
  assert.deepEqual(shown.slice(0, 5), [`${epoch} of 20`, String(Number(loss.toPrecision(4))), String(Number(heldLoss.toPrecision(4))), score.toFixed(3), heldScore.toFixed(3)]);
  assert.equal(await page.locator('.plot canvas').count(), 2);
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll('.facts tbody tr').length === 2);
  assert.deepEqual(await rows(), shown);
  // A report is a page of its own, in a box.
  const opened = page.context().waitForEvent('page');
  await page.locator('.facts a', { hasText: 'Report' }).first().click();
  const report = await opened;
  await report.waitForLoadState();
  assert.match(await report.textContent('h1'), /quick/);
  assert.equal(await report.evaluate(() => globalThis.origin), 'null');
});

test('a study shows what the command shows', async (t) => {
  const { address } = await served(t, folder);
  const page = await open(t, { at: address, ...ROOM });
  await choose(page, 'rates');
  await page.locator('.parallel svg').waitFor();
  const { trials } = JSON.parse(command('study', 'show', 'studies/rates', '--json'));
  const best = Math.max(...trials.map(({ values }) => values[0]));
  const found = (await texts(page, '#shown p')).find((text) => text.startsWith('The best is trial'));
  const [, number, value] = /trial (\d+): .* ([\d.]+)\.$/.exec(found);
  assert.ok(Math.abs(Number(value) - best) < 1e-4, `${found}, and the best is ${best}`);
  assert.equal(trials.find((trial) => trial.number === Number(number)).values[0], best);
  assert.equal((await texts(page, '.shares .name')).sort().join(), 'learning_rate,optimizer');
  assert.equal(await page.locator('.parallel path').count(), trials.length);
  const { candidates } = JSON.parse(await readFile(join(folder, 'studies/rates/confirmed.json'), 'utf8'));
  const mean = ({ values }) => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.equal(await page.locator('[aria-label="The best over new seeds"] td').first().textContent(), String(Number(mean(candidates[0]).toPrecision(4))));
});

test('a training that the command line runs is watched, and so is its end', async (t) => {
  const { address } = await served(t, folder);
  const page = await open(t, { at: address, ...ROOM });
  const training = spawn(COMMAND, train('watched', '--epochs', '1000000000'), { cwd: folder, stdio: 'ignore' });
  const ended = new Promise((done) => training.on('exit', done));
  t.after(() => training.kill());
  await page.locator('.listed label', { hasText: 'watched' }).waitFor();
  await choose(page, 'watched');
  const epoch = () => page.locator('.facts tbody td.number').first().textContent().then((text) => Number(text.split(' ')[0].replaceAll(',', '')));
  const first = await epoch();
  await page.waitForFunction((first) => Number(document.querySelector('.facts tbody td.number')?.textContent.split(' ')[0].replaceAll(',', '')) > first, first);
  assert.match((await texts(page, '.facts tbody td'))[0], /^not finished, written \d+ s ago$/);
  training.kill('SIGINT');
  await ended;
  await page.locator('.facts td', { hasText: 'interrupted' }).waitFor();
});

for (const [language, colorScheme, width] of [['en', 'light', 1280], ['zh', 'dark', 420]]) {
  test(`${language}, ${colorScheme}, ${width} pixels, with the keyboard alone`, async (t) => {
    const { address } = await served(t, folder);
    const page = await open(t, { at: address, ...ROOM, language, colorScheme, width, bypassCSP: true });
    await page.locator('#runs input').first().focus();
    await page.keyboard.press('Space');
    await page.locator('.facts').first().waitFor();
    await page.locator('#studies input').focus();
    await page.keyboard.press('Space');
    await page.locator('.parallel svg').waitFor();
    assert.ok(await page.locator('#studies input').evaluate((input) => input === document.activeElement), 'what has the focus keeps it');
    assert.deepEqual(await findings(page), []);
    await isNoWider(page);
    const own = await page.evaluate(async () => {
      const { en, zh } = await import('/runs/words.js');
      const gaps = (words) => (words.match(/\{\w+\}/g) ?? []).sort().join();
      return Object.keys({ ...en, ...zh }).filter((key) => !en[key] || !zh[key] || gaps(en[key]) !== gaps(zh[key]));
    });
    assert.deepEqual(own, []);
  });
}

test('a server of files has no such room, and says what it needs', async (t) => {
  const page = await open(t);
  assert.equal(await page.locator('.rooms a[href="runs.html"]').count(), 0);
  await page.goto(new URL('runs.html?lang=en', page.url()).href);
  await page.locator('#notice', { hasText: 'It needs nablab serve' }).waitFor();
});
