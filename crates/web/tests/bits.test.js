// What a browser computes is what the command computes, to the bit.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { address, browser } from './browser.js';
import { COMMAND } from './command.js';

const base = { epochs: 40, batch_size: 16, learning_rate: 0.02, seed: 5, validation: { share: 0.2, patience: 0 } };
const plans = {
  'single precision, dropout, Adam': {
    data: { source: 'moons', samples: 150, noise: 0.2, seed: 3 },
    recipe: { ...base, hidden: [{ units: 9, dropout: 0.2 }, { units: 5, activation: 'tanh' }], precision: 'f32' },
  },
  'double precision, batch normalisation, momentum': {
    data: { source: 'circles', samples: 300, noise: 0.05, factor: 0.7, seed: 1 },
    recipe: { ...base, hidden: [{ units: 10, batch_norm: true }, { units: 5 }], optimizer: 'momentum', precision: 'f64' },
  },
  'three classes, a large network, a full batch': {
    data: { source: 'blobs', samples: 200, noise: 1.5, centers: 3, seed: 2 },
    recipe: { ...base, batch_size: 'all', hidden: [{ units: 70, activation: 'sigmoid' }, { units: 50 }], precision: 'f32' },
  },
  'a table of the reader\'s own with text and gaps, a momentum and a spread of its own': {
    data: { name: 'own table.csv', text: `a,b,kind\n${Array.from({ length: 90 }, (_, at) => `${at % 7 ? (at * 37) % 50 : ''},${'rgb'[at % 3]},${'xyz'[(at * 5) % 3]}`).join('\n')}\n` },
    recipe: { ...base, data: { target: ['kind'] }, hidden: [{ units: 6, activation: 'tanh' }], init: { normal: { scale: 0.7 } }, optimizer: { momentum: { beta: 0.8 } }, precision: 'f64' },
  },
};

/** Train in the page's module: the answer to `repeat`, the last instant, the parameters in single precision. */
async function inBrowser(plan) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${address}icon.svg`);
  const said = await page.evaluate(async (plan) => {
    const { default: init, Session, instructionSet } = await import('/engine/nablab.js');
    await init();
    const session = new Session();
    const ask = (command) => JSON.parse(session.answer(JSON.stringify(command)));
    ask({ do: 'begin', plan });
    const [at] = ask({ do: 'step', steps: 1e9 });
    ask({ do: 'look', views: [{ view: 'parameters' }] });
    const parameters = [...session.numbers()];
    const [repeat] = ask({ do: 'repeat' });
    return { at, parameters, repeat, set: instructionSet() };
  }, plan);
  await page.close();
  return said;
}

/** The parameters of a run's model in single precision, in the order of layers, and the last row of its history. */
async function ofRun(folder) {
  const model = await readFile(join(folder, 'model.safetensors'));
  const length = Number(model.readBigUInt64LE(0));
  const header = JSON.parse(model.subarray(8, 8 + length).toString());
  const numbers = ({ dtype, data_offsets: [start, end] }) => {
    const bytes = model.subarray(8 + length + start, 8 + length + end);
    const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    return dtype === 'F64' ? Float32Array.from(new Float64Array(copy)) : new Float32Array(copy);
  };
  const named = new Map(Object.entries(header).filter(([, of]) => of.dtype).map(([name, of]) => [name, [...numbers(of)]]));
  const history = (await readFile(join(folder, 'history.csv'), 'utf8')).trim().split('\n').map((row) => row.split(','));
  const last = Object.fromEntries(history[0].map((name, k) => [name, Number(history.at(-1)[k])]));
  return { named, last };
}

for (const [name, plan] of Object.entries(plans)) {
  test(`a browser and a terminal end with the same numbers: ${name}`, async () => {
    const said = await inBrowser(plan);
    assert.equal(said.set, 'relaxed-simd128', 'this Chromium fuses; without, the test would take minutes');
    const folder = await mkdtemp(join(tmpdir(), 'nablab-bits-'));
    try {
      await writeFile(join(folder, 'recipe.toml'), said.repeat.recipe);
      if (plan.data.text) await writeFile(join(folder, plan.data.name), plan.data.text);
      for (const command of said.repeat.commands) {
        // As a shell reads it.
        const [, ...words] = command.match(/'[^']*'|\S+/g).map((word) => word.replaceAll("'", ''));
        execFileSync(COMMAND, words, { cwd: folder, stdio: 'ignore' });
      }
      const { named, last } = await ofRun(join(folder, 'run'));
      assert.equal(said.at.held_out_loss, last.validation_loss);
      // Each matrix and vector of the model lies in one piece among the page's parameters.
      const all = new Float32Array(said.parameters);
      let found = 0;
      for (const [slot, numbers] of named) {
        const start = all.findIndex((_, at) => numbers.every((number, k) => Object.is(all[at + k], number)));
        assert.notEqual(start, -1, `${slot} is another one`);
        found += numbers.length;
      }
      assert.equal(found, all.length);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
