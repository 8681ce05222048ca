// Tables that a reader gave this page. They are kept in this tab: a link has their names alone.

/** @import { PackedTable, TextTable } from './protocol.d.ts' */
/** @import { Course, Settings } from './settings.js' */
import { mostBytes } from './served.js';

/**
 * @typedef {object} Table
 * @property {TextTable | PackedTable} source
 * @property {string} sum a check of its bytes
 * @property {string[]} columns none where only the session can see them
 */

/** More is work for the command. A server takes less, if it says so. */
export const MOST_BYTES = Math.min(20 << 20, mostBytes || Infinity);
/** The tab keeps a table of so many characters for the other rooms, and for when the page is loaded again. */
const MOST_KEPT = 2_000_000;
const KEPT = 'nablab-table';
/** Names of columns that are likely to be what is to be predicted, the likeliest first; without one, it is the last column. */
const TARGETS = ['label', 'target', 'class', 'y'];
/** What is to be predicted is called so in files of arrays. */
const ARRAY = 'y';
const SEPARATORS = [',', ';', '\t', '|'];

/** @type {Map<string, Table>} */
const tables = new Map();

/** What is wrong with a file: words, and what is in their gaps. */
export class FileError extends Error {
  /** @param {string} words @param {Record<string, string | number>} [values] */
  constructor(words, values = {}) {
    super(words);
    this.words = words;
    this.values = values;
  }
}

/** @param {Table} table */
export function keep(table) {
  tables.set(table.source.name, table);
  try {
    const { source } = table;
    if (('text' in source ? source.text : source.base64).length <= MOST_KEPT) sessionStorage.setItem(KEPT, JSON.stringify(table));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A browser that keeps nothing is given the file again.
  }
}

/** @param {string} name */
export function isAtHand(name) {
  if (!tables.has(name)) {
    try {
      /** @type {Table | null} */
      const table = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
      if (table) tables.set(table.source.name, table);
    } catch {
      // What the tab kept cannot be had.
    }
  }
  return tables.has(name);
}

/** A table that is at hand. @param {string} name */
export function tableOf(name) {
  const table = isAtHand(name) && tables.get(name);
  if (!table) throw new Error(`no table ${name} at hand`);
  return table;
}

/**
 * Read a file of a reader's own.
 * @param {File} file
 * @returns {Promise<Table>}
 * @throws {FileError}
 */
export async function read(file) {
  const { name, size } = file;
  const megabytes = (/** @type {number} */ bytes) => (bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 2 : 0);
  if (size > MOST_BYTES) throw new FileError('file-too-large', { name, got: megabytes(size), most: megabytes(MOST_BYTES) });
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = textOf(bytes);
  if (text === null) return { source: { name, base64: await base64Of(file) }, sum: sumOf(bytes), columns: [] };
  if (text.trim() === '') throw new FileError('file-empty', { name });
  return { source: { name, text }, sum: sumOf(bytes), columns: columnsOf(text) };
}

/** UTF-8, or UTF-16 where a mark at its start says so; none where it is something else. @param {Uint8Array<ArrayBuffer>} bytes */
function textOf(bytes) {
  const isMarked = (/** @type {number} */ first, /** @type {number} */ second) => bytes[0] === first && bytes[1] === second;
  const encoding = isMarked(0xff, 0xfe) ? 'utf-16le' : isMarked(0xfe, 0xff) ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** @param {File} file @returns {Promise<string>} */
function base64Of(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^[^,]*,?/, ''));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

/** FNV-1a of 32 bits, which tells one file from another, and is no secret. @param {Uint8Array} bytes */
function sumOf(bytes) {
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, '0');
}

/** Names in the first line, to choose from; which columns there are, the session says. @param {string} text */
export function columnsOf(text) {
  const line = lineOf(text);
  const separated = SEPARATORS.map((separator) => cellsOf(line, separator));
  const cells = separated.reduce((most, cells) => (cells.length > most.length ? cells : most));
  const isNamed = cells.some((cell) => cell !== '' && Number.isNaN(Number(cell)));
  return isNamed ? cells : cells.map((_, at) => `column ${at + 1}`);
}

/** Up to the first end of a line outside of quotes. @param {string} text */
function lineOf(text) {
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (text[at] === '\n' || text[at] === '\r')) return text.slice(0, at);
  }
  return text;
}

/** @param {string} line @param {string} separator */
function cellsOf(line, separator) {
  /** @type {string[]} */
  const cells = [''];
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const sign = line[at];
    if (sign === '"' && isQuoted && line[at + 1] === '"') cells[cells.length - 1] += line[++at];
    else if (sign === '"') isQuoted = !isQuoted;
    else if (sign === separator && !isQuoted) cells.push('');
    else cells[cells.length - 1] += sign;
  }
  return cells.map((cell) => cell.trim());
}

/** What is likely to be predicted. @param {string[]} columns */
function likelyTarget(columns) {
  const named = (/** @type {string} */ name) => columns.find((column) => column.toLowerCase() === name);
  // Beside an x, y is a feature.
  const names = TARGETS.filter((name) => name !== 'y' || !named('x'));
  return names.map(named).find((column) => column !== undefined) ?? columns.at(-1) ?? ARRAY;
}

/**
 * A training on a table, instead of on another file that it names.
 * @param {Course} course
 * @param {Table} table
 * @param {string} [column] to be predicted; the one that it says where the table has it, else a likely one
 * @returns {Course}
 */
export function onTable({ start, turns }, { source, sum, columns }, column) {
  const target = column ?? (columns.includes(start.target) ? start.target : likelyTarget(columns));
  const on = (/** @type {Settings} */ settings) => ({ ...settings, data: 'file', file: source.name, sum, target });
  return { start: on(start), turns: turns.map((turn) => (turn.settings ? { ...turn, settings: on(turn.settings) } : turn)) };
}
