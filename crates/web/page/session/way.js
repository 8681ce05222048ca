// What a session was told, as far as it has to be told again to stand where it stands.

/** @import { Change, Plan, Reply, Request } from './protocol.d.ts' */
import { eventOf } from './session.js';

export class Way {
  /** @type {Plan | undefined} */ #plan;
  #step = 0;

  /** A command was carried out, or refused. @param {Request} request @param {Reply} reply */
  saw(request, reply) {
    const at = eventOf(reply, 'at');
    if (!at) return;
    if (request.do === 'begin') this.#plan = request.plan;
    if (request.do === 'set') this.#changed({ step: at.step, set: [request.parameter, request.value] });
    if (request.do === 'change') this.#changed({ step: at.step, recipe: request.recipe });
    this.#step = at.step;
  }

  /** Commands that lead there from nothing. @returns {Request[]} */
  get commands() {
    return this.#plan ? [{ do: 'begin', plan: this.#plan }, { do: 'seek', step: this.#step }] : [];
  }

  /** What came after it is forgotten, and of a weight that is dragged the last value counts, as in the session. @param {Change} change */
  #changed(change) {
    const plan = /** @type {Plan} */ (this.#plan);
    const changes = (plan.changes ?? []).filter(({ step }) => step <= change.step);
    const last = changes.at(-1);
    if (last?.step === change.step && last.set && change.set && last.set[0] === change.set[0]) changes.pop();
    this.#plan = { ...plan, changes: [...changes, change] };
  }
}
