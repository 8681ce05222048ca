// Chromium, and the page served as plain files.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const ROOT = new URL('../page/', import.meta.url);
const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm', svg: 'image/svg+xml' };
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
];

const server = createServer(async (request, response) => {
  const path = new URL(request.url, 'http://page').pathname.slice(1) || 'index.html';
  try {
    const file = await readFile(new URL(path, ROOT));
    response.writeHead(200, { 'content-type': TYPES[path.split('.').pop()] ?? 'text/plain' }).end(file);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
export const address = `http://127.0.0.1:${server.address().port}/`;
export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
export async function close() {
  await browser.close();
  server.close();
}
