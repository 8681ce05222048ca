// What the room says beside the map: the way back, the ends of the colours, the training.

/** @import { Settings } from '../session/settings.js' */
/** @import { Asked } from './asked.js' */
/** @import { Axis, Range } from './axes.js' */
/** @import { Scale } from './scale.js' */
import { byId, h } from '../common/dom.js';
import { brief } from '../common/numbers.js';
import { t, written } from '../common/words.js';

/** @param {[Axis, Axis]} axes @param {[Range, Range]} ranges */
export function isWhole(axes, ranges) {
  return axes.every((axis, at) => axis.range.join() === ranges[at].join());
}

/** @param {[Axis, Axis]} axes @param {[Range, Range]} ranges */
function rangesSaid(axes, ranges) {
  if (isWhole(axes, ranges)) return t('whole');
  const [x, y] = axes.map(({ key }) => t(`axis-${key}`));
  const [[xLow, xHigh], [yLow, yHigh]] = ranges.map((range) => range.map((value) => brief(Number(value.toPrecision(3)))));
  return t('ranges', { x, y, xLow, xHigh, yLow, yHigh });
}

/** @param {Asked} asked @param {[Range, Range][]} crumbs @param {(crumb: number) => void} back */
export function showCrumbs({ axes, ranges }, crumbs, back) {
  const before = crumbs.map((crumb, at) => {
    const button = h('button', { type: 'button' }, rangesSaid(axes, crumb));
    button.addEventListener('click', () => back(at));
    return h('li', {}, button);
  });
  byId('crumbs', HTMLElement).replaceChildren(...before, h('li', {}, h('span', { 'aria-current': 'step' }, rangesSaid(axes, ranges))));
}

/** @param {Scale | null} scale */
export function showScale(scale) {
  const ends = scale ? [scale.low, Math.sqrt(scale.low * scale.high), scale.high] : [];
  const said = ends.map((loss) => brief(Number(loss.toPrecision(2))));
  if (scale?.isCutBelow) said[0] = `≤ ${said[0]}`;
  if (scale?.isCutAbove) said[2] = `≥ ${said[2]}`;
  ['scale-low', 'scale-middle', 'scale-high'].forEach((id, at) => (byId(id, HTMLElement).textContent = said[at] ?? ''));
}

/** @param {Settings} settings */
export function showTraining(settings) {
  const isOnFile = settings.data === 'file';
  byId('training', HTMLElement).textContent = t('training-of', {
    data: isOnFile ? t('on-file', { name: settings.file, target: settings.target }) : t('on-set', { name: t(`data-${settings.data}`), rows: written(settings.samples) }), rule: t(`rule-${settings.rule}`), seed: settings.seed,
    net: settings.net.map(({ units, activation }) => `${units} ${t(`activation-${activation}`)}`).join(', ') || '–',
    batch: settings.batch === 0 ? t('all') : settings.batch,
  });
}
