// The lines of a network as something to grab: a drag up or down changes a weight.

/** @import { Picture } from '../session/player.js' */
/** @import { LinePlan, NetworkPlan } from './network-plan.js' */
import { h, svg } from '../common/dom.js';
import { nameOf } from './network.js';

/** A drag of so many pixels changes a weight by 1. */
const PIXELS_PER_ONE = 60;

export class Grips {
  /** @type {Picture | undefined} */ #picture;
  /** @type {{ line: LinePlan, y: number, value: number } | null} */ #held = null;
  #on;
  #hint = h('output', { class: 'hint', hidden: true });

  /** @param {{ grabbed: (line: LinePlan) => void, pulled?: (parameter: number, value: number) => void, over: (line: LinePlan | null) => void }} on */
  constructor(on) {
    this.#on = on;
  }

  /** @param {NetworkPlan} plan @param {Picture} picture */
  build(plan, picture) {
    this.#picture = picture;
    const lines = svg('svg', { class: 'grips', 'aria-hidden': 'true' });
    lines.append(...plan.lines.map((line) => this.#grip(line)));
    return { lines, hint: this.#hint };
  }

  /** @param {Picture} picture */
  show(picture) {
    this.#picture = picture;
  }

  /** @param {LinePlan} line */
  #grip(line) {
    const grip = svg('path', { d: line.path, class: 'grip' });
    const value = () => /** @type {Picture} */ (this.#picture).parameters[line.parameter];
    grip.addEventListener('pointerenter', () => {
      if (this.#held) return;
      this.#on.over(line);
      this.#say(line, value());
    });
    grip.addEventListener('pointerleave', () => !this.#held && this.#leave());
    grip.addEventListener('pointerdown', (event) => {
      const { pointerId, clientY } = /** @type {PointerEvent} */ (event);
      event.preventDefault();
      this.#on.grabbed(line);
      if (!this.#on.pulled) return;
      grip.setPointerCapture(pointerId);
      this.#held = { line, y: clientY, value: value() };
    });
    grip.addEventListener('pointermove', (event) => {
      if (!this.#held) return;
      const pulled = this.#held.value + (this.#held.y - /** @type {PointerEvent} */ (event).clientY) / PIXELS_PER_ONE;
      const written = Number(pulled.toFixed(3));
      this.#say(line, written);
      this.#on.pulled?.(line.parameter, written);
    });
    const released = () => {
      this.#held = null;
      this.#leave();
    };
    grip.addEventListener('pointerup', released);
    grip.addEventListener('pointercancel', released);
    return grip;
  }

  /** @param {LinePlan} line @param {number} value */
  #say({ from, to }, value) {
    const picture = /** @type {Picture} */ (this.#picture);
    this.#hint.hidden = false;
    this.#hint.textContent = `${nameOf(picture, from)} → ${nameOf(picture, to)}: ${value.toFixed(3)}`;
  }

  #leave() {
    this.#on.over(null);
    this.#hint.hidden = true;
  }
}
