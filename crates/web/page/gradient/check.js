// A gradient check as the room looks at it.

/** @import { Bug, GradientCheck, Verdict } from '../session/protocol.d.ts' */

/** @type {Verdict[]} */
export const VERDICTS = ['agrees', 'round-off', 'kink', 'wrong'];
/** The course's limit of its one number. */
export const LIMIT = 2e-7;
/** A parameter agrees where both sides differ by less than this share. */
export const AGREES = 1e-5;

/** A mistake by name, as in an address and on the command line. @param {Bug} bug */
export const nameOf = ({ bug, layer }) => `${bug}@${layer}`;

/** By which share of the larger one they differ. @param {GradientCheck} check @param {number} at */
export function apart({ analytic, numeric }, at) {
  const most = Math.max(Math.abs(analytic[at]), Math.abs(numeric[at]));
  return most === 0 ? 0 : Math.abs(analytic[at] - numeric[at]) / most;
}

/** How many parameters have each verdict. @param {GradientCheck} check */
export function counts({ verdicts }) {
  return new Map(VERDICTS.map((verdict) => [verdict, verdicts.filter((own) => own === verdict).length]));
}

/** The matrix of a parameter: W1 of W1[0, 2]. @param {string} name */
export const matrixOf = (name) => name.slice(0, name.indexOf('['));

/** Whether two checks are of one gradient: then nobody can tell their mistakes apart. @param {GradientCheck} one @param {GradientCheck} other */
export function isSameGradient({ analytic }, other) {
  return analytic.every((value, at) => Math.abs(value - other.analytic[at]) <= 1e-12 * Math.abs(value));
}
