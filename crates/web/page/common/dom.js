// Elements, and the words on them.

import { t } from './words.js';

/**
 * An element. `t-label` and `t` name words: what it is called, and what it says.
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
    if (element instanceof HTMLButtonElement) element.title = words;
  }
}

/** A colour of the page's style. @param {string} name */
export function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
