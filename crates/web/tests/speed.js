// How fast the modules train in Chromium: W1 of bench/README.md, the best of five. `node speed.js` prints seconds and steps a second.
// Beside it, in the same minute: `NABLAB_ISA=avx2 nablab-bench W1-f64 5`.

import { address, browser, close } from './chromium.js';

const STEPS = 15000;

const page = await browser.newPage();
await page.goto(address);
for (const precision of ['f64', 'f32']) {
  for (const engine of ['nablab', 'nablab-exact']) {
    const [set, seconds] = await page.evaluate(async ([precision, engine, epochs]) => {
      const { default: load, Session, instructionSet } = await import(`./engine/${engine}.js`);
      await load();
      const session = new Session();
      const recipe = {
        hidden: [{ units: 10 }, { units: 5 }], optimizer: 'gradient-descent', learning_rate: 0.01,
        batch_size: 300, epochs, precision, validation: { share: 0 },
      };
      const plan = { data: { source: 'circles', samples: 300, noise: 0.05, seed: 1 }, recipe };
      const command = JSON.stringify({ do: 'train', plan, variants: [{}] });
      let best = Infinity;
      for (let run = 0; run < 5; run++) {
        const start = performance.now();
        const events = session.answer(command);
        if (!events.includes('trained')) throw new Error(events);
        best = Math.min(best, (performance.now() - start) / 1000);
      }
      return [instructionSet(), best];
    }, [precision, engine, STEPS]);
    console.log(`${precision} ${set}: ${seconds.toFixed(3)} s, ${Math.round(STEPS / seconds)} steps a second`);
  }
}
await close();
