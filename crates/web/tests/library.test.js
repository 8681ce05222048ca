// Links of the page to documents, in both languages.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { open } from './browser.js';

const REPOSITORY = new URL('../../../', import.meta.url);

for (const room of ['', 'race.html', 'unit.html', 'gradient.html', 'landscape.html', 'clinic.html', 'labs.html']) {
  test(`documents that ${room || 'the playground'} names are in the repository`, async (t) => {
    const page = await open(t, { room });
    const addresses = () => page.$$eval('a[data-t-document]', (links) => links.map((link) => link.href));
    const english = await addresses();
    await page.click('#language');
    const all = [...english, ...(await addresses())];
    assert.ok(all.some((address) => address.endsWith('.zh.md')));
    for (const address of all) {
      const [, file] = /^https:\/\/github\.com\/nablab\/nablab\/blob\/main\/(docs\/.+\.md)(?:#.+)?$/.exec(address) ?? assert.fail(address);
      assert.ok(existsSync(new URL(file, REPOSITORY)), address);
    }
    if (!room) assert.equal(await page.getAttribute('.knob:has(#knob-rule) a', 'aria-label'), '公式：更新规则');
  });
}
