// Loss and accuracy of a training, learned from and held out.

/** @import { Picture } from '../session/player.js' */
import { CURVES } from './palette.js';
import { columnOf, Plots } from './plots.js';

export class Curves {
  #plots;
  /** @type {Float32Array | undefined} */ #drawn;

  /** @param {{ loss: HTMLElement, accuracy: HTMLElement }} rooms @param {(step: number) => void} seek */
  constructor(rooms, seek) {
    this.#plots = new Plots(rooms, seek);
    this.#plots.restyle([{ color: CURVES[0], dash: [] }, { color: CURVES[1], dash: [5, 3] }]);
  }

  /** In the colours of now. */
  restyle() {
    this.#plots.restyle();
  }

  /** @param {Picture} picture */
  draw({ curve, at }) {
    // The axes alone take longer than all else: no new points, no new drawing.
    if (curve === this.#drawn) return;
    this.#drawn = curve;
    const [steps, loss, accuracy, heldOutLoss, heldOutAccuracy] = [0, 1, 2, 3, 4].map((place) => columnOf(curve, place));
    const along = /** @type {number[]} */ (steps);
    this.#plots.show([along, loss, heldOutLoss], [along, accuracy, heldOutAccuracy], at.step);
  }
}
