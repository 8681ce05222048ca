// Rules of WCAG 2.2 AA and good practice, by axe-core.

import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What breaks a rule on a page that was opened with `bypassCSP`, a line each. */
export async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((rules) => globalThis.axe.run({ runOnly: rules }), RULES);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

/** Fail where something is wider than the window. */
export async function isNoWider(page) {
  const { scroll, inner } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, inner: innerWidth }));
  if (scroll > inner) throw new Error(`the page is ${scroll} pixels wide on ${inner}`);
}
