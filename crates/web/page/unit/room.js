// The room where one unit of a training is opened: its arithmetic in the step that comes, for one example.

/** @import { UnitOpened, View } from '../session/protocol.d.ts' */
/** @import { Picture } from '../session/player.js' */
/** @import { Place } from '../draw/network-plan.js' */
import { byId, translate } from '../common/dom.js';
import { plain } from '../common/numbers.js';
import { stepper } from '../common/stepper.js';
import { t, written } from '../common/words.js';
import { Boundary } from '../draw/boundary.js';
import { isSame } from '../draw/network-plan.js';
import { nameOf, Network } from '../draw/network.js';
import { refuse } from '../session/by-hand.js';
import { eventOf } from '../session/session.js';
import { Visit } from '../session/visit.js';
import { arithmetic } from './arithmetic.js';
import { Examples } from './examples.js';
import { isLong } from './parts.js';
import { Terms } from './terms.js';

/** A small network in which half of the units of a layer are silent in each step. */
const EXAMPLE = '#v=1&data=moons&samples=60&noise=0.2&share=0.2&points=1&rule=gradient-descent&rate=0.3&batch=8&schedule=constant&l2=0.4&l1=0&epochs=100&init=xavier&seed=2&precision=f64&net=4tanh~0.5_3tanh&step=12&unit=1.2';
/** Pixels of the network. */
const HEIGHT = 290;
/** So many examples are looked through for one with the other mask, a few at once, for so many milliseconds. */
const [MOST_SOUGHT, AT_ONCE, PATIENCE] = [64, 4, 4000];

/** Build the room; the answer draws it again after a change of language or colours. */
export function unitRoom() {
  /** @type {Place} */
  let place = { layer: 0, unit: 0 };
  let example = 0;
  /** @type {UnitOpened | undefined} */
  let opened;
  const fold = { isOpen: false };
  /** A mask that the example is to have, where one is looked for. @type {boolean | null} */
  let wanted = null;

  const plane = byId('plane', HTMLElement);
  const passes = byId('passes', HTMLElement);
  const state = byId('state', HTMLElement);
  const said = byId('example-said', HTMLElement);
  const otherMask = byId('other-mask', HTMLButtonElement);
  const allTerms = byId('all-terms', HTMLButtonElement);
  const toPlayground = byId('to-playground', HTMLAnchorElement);
  const back = byId('one-back', HTMLButtonElement);
  const on = byId('one-step', HTMLButtonElement);

  const visit = new Visit({ example: EXAMPLE, asked, began, drawn, own });
  const { player } = visit;
  const boundary = new Boundary(byId('boundary', HTMLCanvasElement));
  const network = new Network(byId('network', HTMLElement), { chosen: (chosen) => look(chosen, example) }, { isAboutOne: true, height: HEIGHT });
  const examples = new Examples(plane, (chosen) => look(place, chosen));
  const number = stepper({
    id: 'example',
    up: (value) => Math.min(opened?.rows.length ?? 1, value + 1),
    down: (value) => Math.max(1, value - 1),
    changed: (value) => {
      const isThere = Number.isInteger(value) && value >= 1 && value <= (opened?.rows.length ?? 1);
      if (isThere) look(place, value - 1);
      else number.show(example + 1);
    },
  });
  byId('example-stepper', HTMLElement).append(number.element);
  const terms = new Terms(passes, byId('caption', HTMLElement), (source) => network.point(source));

  on.addEventListener('click', async () => {
    const { at } = /** @type {Picture} */ (player.picture);
    await player.step(1);
    const after = player.picture?.at.step ?? 0;
    visit.notice(after > at.step ? t('became', { step: written(after) }) : t('no-further'));
  });
  back.addEventListener('click', () => {
    visit.notice();
    player.seek(Math.max(0, (player.picture?.at.step ?? 0) - 1));
  });
  byId('with-dropout', HTMLButtonElement).addEventListener('click', async () => {
    wanted = false;
    await visit.open(EXAMPLE);
    visit.notice(t('example-shown'));
  });
  otherMask.addEventListener('click', () => {
    wanted = !opened?.dropout?.stays;
    seek();
  });
  allTerms.addEventListener('click', () => {
    fold.isOpen = !fold.isOpen;
    if (opened) show(opened);
  });
  toPlayground.addEventListener('click', () => (toPlayground.hash = visit.fragment));
  new ResizeObserver(() => player.picture && boundary.draw(player.picture)).observe(byId('boundary', HTMLElement));
  visit.open(location.hash);

  /** @param {Map<string, string>} parts */
  function asked(parts) {
    const [layer, unit] = (parts.get('unit') ?? '1.1').split('.').map((text) => Math.max(0, Number(text) - 1 || 0));
    place = { layer, unit: unit ?? 0 };
    example = Math.max(0, Number(parts.get('example') ?? 1) - 1 || 0);
  }

  function own() {
    return `&unit=${place.layer + 1}.${place.unit + 1}&example=${example + 1}`;
  }

  /** @param {Picture} picture */
  function began(picture) {
    const { layers } = picture.began;
    const layer = Math.min(place.layer, layers.length - 1);
    place = { layer, unit: Math.min(place.unit, layers[layer].units - 1) };
    network.build(picture);
    network.look(place);
  }

  /** @param {Place} chosen @param {number} which */
  function look(chosen, which) {
    if (chosen.layer >= 0) place = chosen;
    example = which;
    network.look(place);
    open();
    visit.keep();
  }

  /** @param {Picture} [picture] */
  function drawn(picture = player.picture) {
    if (!picture) return;
    const { at } = picture;
    boundary.draw(picture);
    network.draw(picture);
    state.textContent = t(at.ended ? 'at-the-end' : 'between', { step: written(at.step), next: written(at.step + 1) });
    back.disabled = at.step === 0;
    on.disabled = at.ended !== null;
    if (wanted !== null) seek();
    else open();
  }

  /** @param {number} which @returns {View} */
  const viewOf = (which) => ({ view: 'unit', layer: place.layer, unit: place.unit, example: which });

  async function open() {
    const reply = await visit.look([viewOf(example)]);
    const refused = reply && eventOf(reply, 'refused');
    // Another step may have fewer examples.
    if (refused && example > 0) {
      example = 0;
      await open();
      return;
    }
    const found = reply && eventOf(reply, 'unit');
    // Somebody who looks further meanwhile gets that.
    if (found && !(isSame(found, place) && found.example === example)) return;
    opened = found;
    refuse(visit, refused?.message);
    byId('arithmetic', HTMLElement).hidden = byId('examples', HTMLElement).hidden = refused !== undefined;
    if (opened) show(opened);
  }

  /** Of the examples of the step, the first with the mask that is wanted; the one of now where none is found. */
  async function seek() {
    const isWanted = wanted;
    wanted = null;
    await open();
    const all = opened?.rows.length ?? 0;
    const start = performance.now();
    let sought = 0;
    while (sought < Math.min(all, MOST_SOUGHT) && performance.now() - start < PATIENCE) {
      const views = Array.from({ length: Math.min(AT_ONCE, all - sought) }, (_, which) => viewOf(sought + which));
      const reply = await visit.look(views);
      const found = reply?.events.find((event) => event.event === 'unit' && event.dropout?.stays === isWanted);
      if (found?.event === 'unit') {
        look(place, found.example);
        return;
      }
      sought += views.length;
    }
    if (opened?.dropout) visit.notice(t(isWanted ? 'none-speaks' : 'none-silent', { n: sought }));
  }

  /** Which example it is. @param {Picture} picture @param {number[]} rows */
  function exampleSaid({ began, points }, rows) {
    const row = rows[example];
    const counts = { m: written(rows.length), all: written(began.rows[0]), n: written(row + 1) };
    if (!began.plane) return t('example-is-row', counts);
    const [x, y, target] = points.subarray(3 * row, 3 * row + 3);
    const point = { ...counts, x: plain(x, 3), y: plain(y, 3) };
    return began.is_classification ? t('example-is', { ...point, class: began.targets[target] }) : t('example-is-number', { ...point, target: plain(target) });
  }

  /** @param {UnitOpened} unit */
  function show(unit) {
    const picture = /** @type {Picture} */ (player.picture);
    const settings = /** @type {NonNullable<typeof visit.settings>} */ (visit.settings);
    const { rows } = unit;
    plane.hidden = !picture.began.plane;
    examples.draw(picture, rows, example);
    number.show(example + 1);
    said.textContent = exampleSaid(picture, rows);
    byId('unit-title', HTMLElement).textContent = t('unit-for-example', { unit: nameOf(picture, place), n: example + 1 });
    otherMask.hidden = !unit.dropout;
    const longest = Math.max(unit.inputs.length, unit.back?.from.length ?? 0);
    allTerms.hidden = !isLong(longest);
    allTerms.textContent = t(fold.isOpen ? 'show-fewer' : 'show-all');
    otherMask.textContent = t(unit.dropout?.stays ? 'find-silent' : 'find-speaking');
    passes.replaceChildren(...arithmetic({ opened: unit, picture, settings, place, fold }));
    translate(passes);
    terms.renew();
  }

  return {
    spoke() {
      if (!player.picture) return;
      visit.notice();
      began(player.picture);
      drawn();
    },
    dyed() {
      if (player.picture) drawn();
    },
  };
}
