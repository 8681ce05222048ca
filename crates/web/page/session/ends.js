// How trainings beside a session's own ended: the answer to `train`.

/** @import { Reply } from './protocol.d.ts' */
import { Refusal } from './player.js';
import { eventOf, numbersOf } from './session.js';

/** How one training ended. @typedef {{ steps: number, loss: number, accuracy: number, heldOutLoss: number, heldOutAccuracy: number, isDiverged: boolean }} End */

/** Numbers of a training in a reply. */
const NUMBERS = 6;

/** In the order of the variants. @param {Reply} reply @returns {End[]} @throws {Refusal} */
export function endsOf(reply) {
  const refused = eventOf(reply, 'refused');
  if (refused) throw new Refusal(refused.message);
  const trained = eventOf(reply, 'trained');
  if (!trained) throw new Error('a session that trains says how it ended');
  const numbers = numbersOf(reply, trained.numbers);
  return Array.from({ length: numbers.length / NUMBERS }, (_, at) => endOf(numbers.subarray(NUMBERS * at, NUMBERS * (at + 1))));
}

/** @param {Float32Array} numbers @returns {End} */
function endOf([steps, loss, accuracy, heldOutLoss, heldOutAccuracy, isDiverged]) {
  return { steps, loss, accuracy, heldOutLoss, heldOutAccuracy, isDiverged: isDiverged === 1 };
}
