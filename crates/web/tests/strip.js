// The strip that opens the README, docs/images/spiral.webp: five moments of the playground's own example. `node strip.js` makes it anew.

import { writeFile } from 'node:fs/promises';
import { address, browser, close } from './chromium.js';

const FILE = new URL('../../../docs/images/spiral.webp', import.meta.url);
const STEPS = [0, 60, 200, 600, 3000];
/** Pixels of the file for a pixel of the page: it is shown smaller than it is. */
const SCALE = 2;

const page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, colorScheme: 'light', deviceScaleFactor: SCALE });
/** @param {string} selector */
const picture = async (selector) => `data:image/png;base64,${(await page.locator(selector).screenshot()).toString('base64')}`;
const frames = [];
for (const step of STEPS) {
  await page.goto(`${address}?lang=en#v=1&step=${step}`);
  await page.reload();
  await page.waitForFunction((step) => document.querySelector('#time-now').textContent.startsWith(`step ${step.toLocaleString('en')},`), step);
  const right = await page.textContent('#held-accuracy');
  frames.push({ step, right, plane: await picture('#boundary'), network: await picture('#network') });
}
// The page's own policy lets nobody write styles into it.
const strip = await browser.newPage({ viewport: { width: 1000, height: 500 }, deviceScaleFactor: SCALE });
await strip.setContent(`
  <style>
    body { margin: 0; background: #fff; font: 15px system-ui, sans-serif; color: #1d2430; }
    #strip { display: grid; grid-template-columns: repeat(5, 1fr); gap: 10px; padding: 4px; }
    figure { margin: 0; text-align: center; }
    .plane { width: 100%; display: block; border-radius: 6px; }
    .network { width: 100%; display: block; margin-top: 6px; }
    figcaption { padding-top: 4px; } b { font-weight: 600; }
  </style>
  <div id="strip">${frames.map(({ step, right, plane, network }) => `
    <figure><img class="plane" src="${plane}"><img class="network" src="${network}">
    <figcaption><b>step ${step}</b> · ${right}</figcaption></figure>`).join('')}</div>`);
const drawn = (await strip.locator('#strip').screenshot()).toString('base64');
// A PNG of it has three times as many bytes.
const smaller = await strip.evaluate(async (drawn) => {
  const image = new Image();
  image.src = `data:image/png;base64,${drawn}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', 0.85).split(',')[1];
}, drawn);
await writeFile(FILE, Buffer.from(smaller, 'base64'));
await close();
