// Elements, and the words on them.

import { documentAt, reportAt } from './library.js';
import { t } from './words.js';

/**
 * An element. `t-label` and `t` name words: what it is called, and what it says. `t-document` and `t-report` name what a link leads to,
 * in the language of now. A report that does not lie beside the page has no link.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | undefined>} attributes
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name === 't') element.dataset.t = String(value);
    else if (name === 't-label') element.dataset.tLabel = String(value);
    else if (name === 't-document') element.dataset.tDocument = String(value);
    else if (name === 't-report') element.dataset.tReport = String(value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
export function svg(tag, attributes = {}) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/**
 * The element of the page with this id.
 * @template {typeof Element} C
 * @param {string} id
 * @param {C} kind
 * @returns {InstanceType<C>}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return /** @type {InstanceType<C>} */ (element);
}

/** Say everything in the language of now. @param {ParentNode} root */
export function translate(root = document) {
  for (const element of root.querySelectorAll('[data-t]')) {
    element.textContent = t(/** @type {any} */ (element).dataset.t);
  }
  for (const element of root.querySelectorAll('[data-t-label]')) {
    const words = t(/** @type {any} */ (element).dataset.tLabel);
    element.setAttribute('aria-label', words);
    if (element instanceof HTMLButtonElement || element instanceof HTMLAnchorElement) element.title = words;
  }
  for (const link of root.querySelectorAll('a[data-t-document], a[data-t-report]')) {
    if (!(link instanceof HTMLAnchorElement)) continue;
    const { tDocument, tReport } = link.dataset;
    const address = tDocument === undefined ? reportAt(tReport ?? '') : documentAt(tDocument);
    link.hidden = address === null;
    if (address !== null) link.href = address;
  }
}

/** A colour of the page's style. @param {string} name */
export function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
