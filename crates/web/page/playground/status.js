// Where the training stands, in words and in a table.

/** @import { Player } from '../session/player.js' */
/** @import { Settings } from '../session/settings.js' */
import { byId } from '../common/dom.js';
import { percent, short, t, written } from '../common/words.js';

export class Status {
  #state = byId('state', HTMLElement);
  #heard = byId('heard', HTMLElement);
  #notice = byId('notice', HTMLElement);
  #cells = ['train-rows', 'train-loss', 'train-accuracy', 'held-rows', 'held-loss', 'held-accuracy'].map((id) => byId(id, HTMLElement));
  #heldOut = byId('held-out-row', HTMLElement);

  /** @param {Player} player @param {Settings} settings */
  draw(player, settings) {
    const { picture, playing } = player;
    if (!picture) return;
    const { at, began } = picture;
    const where = t('state-at', {
      step: written(at.step),
      steps: written(at.steps[1]),
      epoch: written(at.epoch),
      epochs: written(settings.epochs),
    });
    const pace = player.pace.perSecond;
    const state = playing
      ? t('state-playing', { pictures: written(pace.pictures), rate: written(pace.steps) })
      : at.ended ? t(`ended-${at.ended.because}`) : t(at.step ? 'state-paused' : 'state-ready');
    this.#state.textContent = `${where} ${state}`;
    const loss = (/** @type {number | null} */ value) => (value === null ? t('no-number') : short(value));
    const share = (/** @type {number | null} */ value) => (value === null ? '–' : percent(value));
    const said = [
      written(began.rows[0]), loss(at.loss), share(at.accuracy),
      written(began.rows[1]), loss(at.held_out_loss), share(at.held_out_accuracy),
    ];
    said.forEach((text, cell) => (this.#cells[cell].textContent = text));
    this.#heldOut.hidden = began.rows[1] === 0;
  }

  /** For a screen reader, when something has come to rest; never while it trains. @param {Player} player */
  tell(player) {
    const { at } = player.picture ?? {};
    if (!at) return;
    const parts = [this.#state.textContent ?? ''];
    if (at.loss !== null) parts.push(t('loss-said', { loss: short(at.loss) }));
    if (at.accuracy !== null) parts.push(t('accuracy-said', { share: percent(at.accuracy) }));
    if (at.held_out_accuracy !== null) parts.push(t('held-out-said', { share: percent(at.held_out_accuracy) }));
    this.#heard.textContent = parts.join(' ');
  }

  /** One sentence for everybody; none takes the last one away. @param {string} [sentence] @param {boolean} [isError] */
  notice(sentence = '', isError = false) {
    this.#notice.textContent = sentence;
    this.#notice.classList.toggle('bad', isError);
    this.#notice.hidden = sentence === '';
  }
}
