// A table of the reader's own in the playground: chosen, dropped, refused, and named by a link.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { findings, isNoWider } from './axe.js';
import { at, open } from './browser.js';

const rows = (count, row) => Array.from({ length: count }, (_, at) => row(at)).join('\n');
/** Two classes that a line separates: the larger number says which. */
const TWO = `x,y,label\n${rows(100, (at) => `${(at * 37) % 100},${(at * 61) % 100},${(at * 37) % 100 > (at * 61) % 100 ? 'right' : 'left'}`)}\n`;
/** Text, gaps, three classes, and a target in the last column. */
const MIXED = `size,colour,"weight, g",species\n${rows(90, (at) => `${at % 3},${'rgb'[at % 3]},${at % 10 ? at : ''},${['setosa', 'versicolor', 'virginica'][at % 3]}`)}\n`;

const says = (page, id, words) => page.waitForFunction(([id, words]) => document.querySelector(id)?.textContent.includes(words), [id, words]);
const choose = (page, name, text) => page.setInputFiles('#file', { name, mimeType: 'text/csv', buffer: Buffer.from(text) });
/** As a hand drops it on the page. */
const drop = (page, name, text) => page.evaluate(([name, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  for (const kind of ['dragover', 'drop']) document.querySelector('main').dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}, [name, text]);
const target = (page) => page.inputValue('#knob-target');
const trained = (page, count) => says(page, '#train-rows', String(count));

test('a table with two numbers has its map, and learns', async (t) => {
  const page = await open(t);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('#file-choose')]);
  await chooser.setFiles({ name: 'two.csv', mimeType: 'text/csv', buffer: Buffer.from(TWO) });
  await trained(page, 80);
  assert.equal(await target(page), 'label', 'its name says so');
  assert.ok(await page.isVisible('#boundary'));
  assert.deepEqual(await page.locator('#legend li').allTextContents(), ['class left', 'class right', 'held out', 'wrong']);
  assert.ok(await page.isHidden('#knob-samples'), 'a table has its rows');
  await page.selectOption('#speed', 'max');
  await page.click('#play');
  await page.waitForFunction(() => document.querySelector('#train-accuracy').textContent === '100 %');
  await page.click('#play');
  // Another set again.
  await page.click('label.set:has(#data-moons)');
  await trained(page, 80 * 3);
  assert.ok(await page.isHidden('#knob-target'));
});

test('without two numbers there is no map, and all else is there', async (t) => {
  const page = await open(t);
  await drop(page, 'mixed.csv', MIXED);
  await trained(page, 72);
  assert.equal(await target(page), 'species');
  assert.deepEqual(await page.locator('#knob-target option').allTextContents(), ['size', 'colour', 'weight, g', 'species']);
  // size, three colours, weight, and whether that is missing
  await says(page, '#no-plane', 'this table has 6 features');
  assert.ok(await page.isHidden('#boundary'));
  assert.equal(await page.locator('.unit[aria-label^="Output for class"]').count(), 3);
  await page.click('#one-epoch');
  await at(page, 3);
  // A number is predicted: there is no accuracy.
  await page.selectOption('#knob-target', 'weight, g');
  await says(page, '#notice', 'mixed.csv: column weight, g, row 1: expected a target, got a missing value');
  await trained(page, 72);
  assert.equal(await target(page), 'species', 'the training stays as it was');
  await drop(page, 'numbers.tsv', `a\tb\tprice\n${rows(50, (at) => `${at % 7}\t${at % 5}\t${at * 1.5}`)}\n`);
  await says(page, '#scale-high', 'price = 73.5');
  assert.ok(await page.isHidden('#accuracy-curve'));
  await says(page, '#train-accuracy', '–');
});

test('a link has the name of the file, asks for it, and knows another one', async (t) => {
  const name = 'odd & 100%=ä;,#.csv';
  const table = TWO.replace('label', '"a & b, 50%"');
  const page = await open(t);
  await choose(page, name, table);
  await trained(page, 80);
  await page.click('#one-epoch');
  await at(page, 3);
  await page.waitForFunction(() => location.hash.includes('step=3'));
  const loss = await page.textContent('#train-loss');
  const fragment = new URL(page.url()).hash;
  // The tab keeps it, for other rooms and for when the page is loaded again.
  await page.reload();
  await at(page, 3);
  assert.equal(await page.textContent('#train-loss'), loss);
  await page.click('#share');
  assert.match(await page.inputValue('#share-text-commands'), /target = \["a & b, 50%"\]\n[^]*nablab train 'odd & 100%=ä;,#.csv' --recipe recipe.toml --out run\n$/);
  const other = await open(t, { fragment });
  await says(other, '#notice', `trains on the file “${name}”`);
  assert.equal(new URL(other.url()).hash, fragment);
  await choose(other, name, table);
  await at(other, 3);
  assert.equal(await other.textContent('#train-loss'), loss);
  assert.ok(await other.isHidden('#notice'));
  const third = await open(t, { fragment });
  await says(third, '#notice', 'trains on the file');
  await choose(third, name, table.replace('37', '38'));
  await says(third, '#notice', 'is not the file that the link was made with');
  await at(third, 3);
  // Another room says what is missing, and keeps the link.
  const map = await open(t, { room: 'landscape.html', fragment });
  await says(map, '#notice', `trains on the file “${name}”`);
  assert.ok(map.url().includes('file=odd'));
  // Where the tab has the file, the landscape trains on it.
  await page.click('#sharing-close');
  await page.click('nav.rooms a[href^="landscape"]');
  await says(page, '#training', 'where a & b, 50% is predicted');
  await page.waitForFunction(() => /^[1-9]/.test(document.querySelector('#progress').textContent));
});

test('what cannot be a table gets one sentence, and the training stays', async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    // Too large a file is not even read.
    Blob.prototype.arrayBuffer = new Proxy(Blob.prototype.arrayBuffer, { apply: (read, blob) => (blob.size > 50e6 ? Promise.reject(new Error('read')) : read.call(blob)) });
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(100 * 2 ** 20)], 'large.csv'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
  await says(page, '#file-error', '“large.csv” has 100 MB. The page takes tables of up to 20 MB');
  await choose(page, 'empty.csv', ' \n');
  await says(page, '#file-error', '“empty.csv” is empty');
  for (const [name, bytes, said] of [
    ['data.mat', 'MATLAB 5.0 MAT-file\0\0\0', 'data.mat: header: expected 128 bytes, got 22 bytes'],
    ['latin.csv', [0x78, 0x2c, 0xe4, 0x0a, 0x31, 0x2c, 0x32], 'latin.csv: line 1, value 2: expected UTF-8 text, got other bytes'],
    ['table.xlsx', 'PK\x03\x04\0\0', 'table.xlsx: extension: expected .csv, .tsv, .txt (also with .gz), .npy, .npz, .mat'],
  ]) {
    await choose(page, name, bytes);
    await says(page, '#notice', said);
  }
  const text = `a,b,label\n${rows(300, (at) => `word ${at},text ${at * 7},${at % 2}`)}\n`;
  await choose(page, 'text.csv', text);
  await says(page, '#notice', 'text.csv: columns: expected at least one that can be learned from, got a (240 different texts in 240 rows)');
  assert.equal(await target(page), 'label', 'another column can be chosen');
  await choose(page, 'one.csv', 'x,label\n1,a\n2,a\n3,a\n');
  await says(page, '#notice', 'expected at least two different values');
  assert.equal(await page.textContent('#train-rows'), '240');
  // UTF-16, as a spreadsheet saves it.
  await choose(page, 'wide.csv', Buffer.from(`\ufeff${TWO}`, 'utf16le'));
  await trained(page, 80);
  assert.deepEqual(await page.locator('#knob-target option').allTextContents(), ['x', 'y', 'label']);
});

test('arrays and packed tables are read, too', async (t) => {
  // As NumPy writes it: 100 rows of three numbers, the last one a class.
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (100, 3), }`.padEnd(117) + '\n';
  const numbers = Float64Array.from({ length: 300 }, (_, at) => (at % 3 === 2 ? Number(Math.floor(at / 3) % 10 > 4) : Math.sin(at)));
  const array = Buffer.concat([Buffer.from('\x93NUMPY\x01\0\x76\0', 'latin1'), Buffer.from(header), Buffer.from(numbers.buffer)]);
  const page = await open(t);
  await choose(page, 'rows.npy', array);
  // Which columns there are, the session says.
  await says(page, '#notice', 'rows.npy: columns: expected one named y, got x0, x1, x2');
  await page.fill('#knob-target', 'x2');
  await page.press('#knob-target', 'Enter');
  await trained(page, 80);
  await page.click('#one-epoch');
  await at(page, 3);
  await page.waitForFunction(() => location.hash.includes('step=3'));
  const loss = await page.textContent('#train-loss');
  await page.reload();
  await at(page, 3);
  assert.equal(await page.textContent('#train-loss'), loss);
  await choose(page, 'two.csv.gz', gzipSync(TWO));
  await page.waitForFunction(() => document.querySelector('#file-choose').closest('.own-file').textContent.includes('two.csv.gz'));
  await page.fill('#knob-target', 'label');
  await page.press('#knob-target', 'Enter');
  await says(page, '#legend', 'class left');
});

test('a million weights run, and the page answers meanwhile', async (t) => {
  const columns = 19000;
  const header = rows(columns, (at) => `f${at}`).replaceAll('\n', ',');
  const wide = `${header},label\n${rows(20, (row) => `${rows(columns, (at) => (row * at + at * at) % 7).replaceAll('\n', ',')},${row % 2}`)}\n`;
  const page = await open(t, { fragment: '#v=1&data=xor&net=64relu' });
  await choose(page, 'wide.csv', wide);
  await page.click('#language');
  await page.waitForFunction(() => document.querySelector('#play').textContent === '播放');
  await page.waitForFunction(() => document.querySelector('#train-rows').textContent === '16');
  assert.equal(await page.locator('.unit').count(), 16 + 16 + 1, 'of many units, some are drawn');
  await page.click('#one-step');
  await page.waitForFunction(() => document.querySelector('#time').value === '1');
});

for (const [language, colorScheme, width] of [['en', 'dark', 420], ['zh', 'light', 1280]]) {
  test(`rules of access: ${language}, ${colorScheme}, ${width} pixels`, async (t) => {
    const page = await open(t, { language, colorScheme, width, bypassCSP: true });
    await choose(page, 'mixed.csv', MIXED);
    await trained(page, 72);
    await choose(page, 'empty.csv', '');
    await page.locator('#file-error').waitFor();
    assert.deepEqual(await findings(page), []);
    await isNoWider(page);
  });
}
