// A mistake that is hidden under a number: the same for everybody who opens the same training with it.

/** @import { Bug, GradientCheck } from '../session/protocol.d.ts' */

/** Numbers under which mistakes are hidden. */
export const MOST = 9999;

/** All mistakes in an order that the number alone decides. @template T @param {T[]} all @param {number} number @returns {T[]} */
export function shuffled(all, number) {
  const order = [...all];
  let state = number;
  for (let last = order.length - 1; last > 0; last--) {
    // The generator mulberry32.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const drawn = ((mixed ^ (mixed >>> 14)) >>> 0) % (last + 1);
    [order[last], order[drawn]] = [order[drawn], order[last]];
  }
  return order;
}

/**
 * The mistake under a number: the first in its order that a check can see. One that gives a matrix another shape is found without a check.
 * @template {Bug} B
 * @param {B[]} bugs
 * @param {number} number
 * @param {(bug: B) => Promise<GradientCheck | null>} checked
 */
export async function hiddenUnder(bugs, number, checked) {
  for (const bug of shuffled(bugs, number)) {
    const check = await checked(bug);
    if (check && check.findings.length > 0) return { number, bug, check };
  }
  return null;
}
