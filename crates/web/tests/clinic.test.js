// The clinic as a person uses it: a patient is named, healed and handed in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, isNoWider } from './axe.js';
import { open } from './browser.js';

/** A patient's answer, from the session itself. */
const revealed = (page, seed, difficulty) => page.evaluate(async ([seed, difficulty]) => {
  const { newSession } = await import('./session/open.js');
  const reply = await newSession().ask({ do: 'reveal', seed, difficulty });
  return reply.events[0];
}, [seed, difficulty]);
const says = (page, id, words) => page.waitForFunction(([id, words]) => document.getElementById(id).textContent.includes(words), [id, words]);
const arrived = (page, title) => page.waitForFunction((title) => document.querySelector('#case-title').textContent === title && document.querySelector('.choice') && document.querySelector('#train-loss').textContent, title);
/** Twenty trainings take their time on a slow machine. */
const tried = (page) => page.locator('.verdict').waitFor();

/** The name of a fault that the patient does not have. */
const other = (faults) => ['overfitting', 'symmetric-units'].find((name) => !faults.includes(name));

test('a patient is named, healed on twenty seeds, and handed in', async (t) => {
  const page = await open(t, { room: 'clinic.html', fragment: '#seed=4&difficulty=easy&patients=1' });
  await arrived(page, 'Patient 1 of 1');
  const { faults, cure } = await revealed(page, 4, 'easy');
  assert.equal(faults.length, 1);
  assert.ok(!(await page.textContent('body')).includes('What heals it'), 'the answer is not told');
  assert.equal(await page.isDisabled('#difficulty'), true, 'a class has one difficulty');
  assert.equal(await page.isDisabled('#knob-noise'), true, 'the data stay as they are');

  // As it is, it is sick.
  await page.click('#try');
  await tried(page);
  await says(page, 'tried', 'not healed');

  await page.click('#answer');
  await says(page, 'named', 'Choose what is wrong');
  await page.check(`.choice input[value=${other([faults[0].name])}]`);
  await page.click('#answer');
  await says(page, 'named', 'That is not it');
  await page.uncheck(`.choice input[value=${other([faults[0].name])}]`);
  await page.check(`.choice input[value=${faults[0].name}]`);
  await page.click('#answer');
  await says(page, 'named', 'That is right');
  await page.locator('#why .finding').first().waitFor();

  // The cure, by the knobs.
  const knobs = { learning_rate: '#knob-rate', epochs: '#knob-epochs' };
  for (const [key, value] of Object.entries(cure)) {
    if (key === 'init') await page.selectOption('#knob-init', value);
    else if (key === 'penalty') await page.fill('#knob-l2', String(value.l2));
    else if (key === 'hidden') {
      for (const [at, layer] of value.entries()) await page.selectOption(`#activation-${at}`, layer.activation);
    } else await page.fill(knobs[key], String(value));
    await page.keyboard.press('Enter');
  }
  await says(page, 'notice', 'changed');
  await page.click('#try');
  await says(page, 'tried', 'It is healed');
  await says(page, 'points', 'Naming: 2 points. Healing: 5 points. Together: 7 of 10.');

  await page.click('#next-patient');
  const lines = (await page.inputValue('#result-text')).split('\n');
  assert.equal(lines[0], 'nablab clinic, Easy, first seed 4, patients: 1');
  const name = await page.textContent('.choice.right span:not(.unseen)');
  assert.equal(lines[1], `1. ${name}: named at answer 2, healed at trial 2: 7 points`);
  assert.equal(lines[2], 'Together: 7 of 10 points');
});

test('the next patient has the next seed, the answer can be had, and a class gets a link and keeps its points', async (t) => {
  const page = await open(t, { room: 'clinic.html', fragment: '#seed=2&difficulty=hard' });
  await arrived(page, 'Patient 2');
  await page.click('#tell-me');
  const { faults } = await revealed(page, 2, 'hard');
  const right = faults.length ? faults.map(({ name }) => name) : ['healthy'];
  assert.deepEqual(await page.$$eval('.choice.right input', (boxes) => boxes.map((box) => box.value)), right);
  await page.click('#next-patient');
  await arrived(page, 'Patient 3');
  assert.equal(new URL(page.url()).hash, '#seed=3&difficulty=hard');
  await says(page, 'case-said', '0 of 10 points');
  await page.selectOption('#difficulty', 'medium');
  await page.waitForFunction(() => location.hash === '#seed=3&difficulty=medium');
  await page.click('#class-link');
  await page.fill('#class-patients', '3');
  await page.press('#class-patients', 'Enter');
  await page.fill('#class-seed', '700');
  await page.press('#class-seed', 'Enter');
  const link = await page.inputValue('#class-text');
  assert.equal(new URL(link).hash, '#seed=700&difficulty=medium&patients=3');
  await page.click('#class-close');
  await page.evaluate((hash) => (location.hash = hash), new URL(link).hash);
  await arrived(page, 'Patient 1 of 3');
  // A page that is loaded again loses nothing.
  await page.check('.choice input[value=healthy]');
  await page.click('#tell-me');
  await page.click('#next-patient');
  await arrived(page, 'Patient 2 of 3');
  await says(page, 'case-said', '0 of 10 points with 1 patients');
  await page.reload();
  await arrived(page, 'Patient 2 of 3');
  await says(page, 'case-said', '0 of 10 points with 1 patients');
  await page.click('#next-patient');
  await arrived(page, 'Patient 3 of 3');
  await page.click('#next-patient');
  assert.match(await page.inputValue('#result-text'), /\nTogether: 0 of 30 points$/);
});

test('by the keyboard alone, and a link that says what nobody knows', async (t) => {
  const page = await open(t, { room: 'clinic.html', fragment: '#seed=-1&difficulty=easy' });
  await arrived(page, 'Patient 1');
  await says(page, 'notice', 'cannot be read: “seed=-1”');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'case-title');
  await page.locator('.choice input').first().focus();
  await page.keyboard.press('Space');
  assert.equal(await page.isChecked('.choice input[value=healthy]'), true);
  assert.match(await page.textContent('#meant'), /Nothing is wrong/);
  // Who is healthy has no fault.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  assert.equal(await page.isChecked('.choice input[value=healthy]'), false);
});

test('rules of accessibility, and no wider than the screen', async (t) => {
  const sick = { room: 'clinic.html', fragment: '#seed=4&difficulty=easy', bypassCSP: true };
  const page = await open(t, { ...sick, colorScheme: 'light' });
  await arrived(page, 'Patient 4');
  await page.click('#tell-me');
  await page.locator('#why .finding').first().waitFor();
  await page.click('#try');
  await tried(page);
  assert.deepEqual(await findings(page), []);
  await page.click('#class-link');
  assert.deepEqual(await findings(page), []);
  const phone = await open(t, { ...sick, language: 'zh', colorScheme: 'dark', width: 420 });
  await arrived(phone, '病例 4');
  await phone.click('#tell-me');
  await phone.locator('#why .finding').first().waitFor();
  assert.deepEqual(await findings(phone), []);
  await isNoWider(phone);
});

test('both languages say everything', async (t) => {
  const page = await open(t, { room: 'clinic.html' });
  const left = await page.evaluate(async () => {
    const { en, zh } = await import('./clinic/words.js');
    const gaps = (words) => (words.match(/\{\w+\}/g) ?? []).sort().join();
    return Object.keys({ ...en, ...zh }).filter((key) => !en[key] || !zh[key] || gaps(en[key]) !== gaps(zh[key]));
  });
  assert.deepEqual(left, []);
});
