// Twenty trainings of a cure, and of the healthy recipe with the same seeds, as a strip, and what they say.

/** @import { Healed, Treated, Within } from '../session/protocol.d.ts' */
import { byId, h, svg, translate } from '../common/dom.js';
import { t } from '../common/words.js';

/** How many there are. */
export const TRIALS = 20;

const WIDTH = 480;
const [LEFT, RIGHT] = [110, 14];
const ROW = 34;

export class Trials {
  #heard = byId('tried', HTMLElement);
  #room = byId('trials', HTMLElement);
  /** Says again what was heard, in the language of now. @type {() => void} */ #last = () => {};

  /** Nothing was tried. */
  clear() {
    this.#last = () => {
      this.#heard.textContent = '';
      this.#room.replaceChildren();
    };
    this.#last();
  }

  /** As far as it is. @param {Treated[]} trials */
  progress(trials) {
    this.#last = () => {
      this.#heard.textContent = t('trying', { n: trials.length, of: TRIALS });
      this.#room.replaceChildren(strip(trials));
    };
    this.#last();
  }

  /** @param {Treated[]} trials @param {Healed} healed */
  end(trials, healed) {
    this.#last = () => {
      this.#heard.textContent = t(healed.is_healed ? 'healed' : healed.diverged ? 'not-healed-diverged' : 'not-healed', { n: healed.diverged, of: TRIALS });
      this.#room.replaceChildren(strip(trials), ...verdict(healed));
      translate(this.#room);
    };
    this.#last();
  }

  /** @param {string} message */
  refused(message) {
    this.#last = () => {
      this.#heard.textContent = t('refused', { message });
    };
    this.#last();
  }

  spoke() {
    this.#last();
  }
}

/** The accuracy of each seed on the points held out. @param {Treated[]} trials */
function strip(trials) {
  const rows = [
    { name: t('your-cure'), kind: 'cure', shares: trials.flatMap(({ cure }) => (cure ? [cure[1]] : [])) },
    { name: t('healthy-recipe'), kind: 'healthy', shares: trials.map(({ healthy }) => healthy[1]) },
  ];
  const across = (/** @type {number} */ share) => LEFT + share * (WIDTH - LEFT - RIGHT);
  const text = (/** @type {string} */ said, /** @type {number} */ x, /** @type {number} */ y, anchor = 'start') => {
    const element = svg('text', { x, y, 'text-anchor': anchor });
    element.textContent = said;
    return element;
  };
  const height = 2 * ROW + 24;
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${height}`, class: 'strip', role: 'img', 'aria-label': t('strip-said', { n: trials.length }) });
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    picture.append(svg('line', { x1: across(share), x2: across(share), y1: 4, y2: 2 * ROW + 4 }), text(`${100 * share} %`, across(share), height - 4, share === 1 ? 'end' : 'middle'));
  }
  rows.forEach(({ name, kind, shares }, row) => {
    const middle = 4 + ROW * (row + 0.5);
    picture.append(text(name, 0, middle + 4));
    // Side by side where they are equal: none hides another.
    shares.forEach((share, seed) => picture.append(svg('circle', { class: kind, cx: across(share), cy: middle + ((seed % 7) - 3) * 3.2, r: 3 })));
  });
  return picture;
}

/** @param {Healed} healed @returns {HTMLElement[]} */
function verdict({ loss, accuracy }) {
  if (!loss || !accuracy) return [];
  return [
    h('ul', { class: 'verdict' }, line('accuracy', accuracy, (share) => (100 * share).toFixed(1)), line('loss', loss, (value) => value.toFixed(3))),
    h('p', { class: 'soft', t: 'verdict-said' }),
  ];
}

/** How it compares on average and at worst. @param {string} what @param {Within} within @param {(size: number) => string} written */
function line(what, { mean, interval, margin, is_within: isWithin }, written) {
  const compared = (/** @type {number} */ by) => t(by > 0 ? 'worse-by' : 'better-by', { by: t(`by-${what}`, { size: written(Math.abs(by)) }) });
  const said = t('verdict', { what: t(what), mean: compared(mean), worst: compared(interval[1]), margin: compared(margin) });
  return h('li', { class: isWithin ? 'good' : 'bad' }, `${isWithin ? '✓' : '✗'} ${said}`);
}
