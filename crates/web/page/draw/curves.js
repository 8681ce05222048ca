// Loss and accuracy of a training, learned from and held out.

/** @import { Picture } from '../session/player.js' */
import { CURVES } from './palette.js';
import { columnOf, Plots } from './plots.js';

export class Curves {
  #plots;
  /** @type {Float32Array | undefined} */ #drawn;
  /** @type {Picture | undefined} */ #picture;

  /** @param {{ loss: HTMLElement, accuracy: HTMLElement }} rooms @param {(step: number) => void} seek */
  constructor(rooms, seek) {
    this.#plots = new Plots(rooms, seek);
    this.#plots.restyle([{ color: CURVES[0], dash: [] }, { color: CURVES[1], dash: [5, 3] }]);
  }

  /** Powers of ten of the loss lie equally far from each other, or not. @param {boolean} isLogarithmic */
  scale(isLogarithmic) {
    this.#plots.scale(isLogarithmic);
    if (this.#picture) this.#show(this.#picture);
  }

  /** In the colours of now. */
  restyle() {
    this.#plots.restyle();
  }

  /** @param {Picture} picture */
  draw(picture) {
    // The axes alone take longer than all else: no new points, no new drawing.
    if (picture.curve === this.#drawn) return;
    this.#show(picture);
  }

  /** @param {Picture} picture */
  #show(picture) {
    const { curve, at } = picture;
    this.#picture = picture;
    this.#drawn = curve;
    const [steps, loss, accuracy, heldOutLoss, heldOutAccuracy] = [0, 1, 2, 3, 4].map((place) => columnOf(curve, place));
    const along = /** @type {number[]} */ (steps);
    this.#plots.show([along, loss, heldOutLoss], [along, accuracy, heldOutAccuracy], at.step);
  }
}
