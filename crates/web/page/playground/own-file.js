// A table of the reader's own: chosen or dropped, and which of its columns is to be predicted.

/** @import { Settings } from '../session/settings.js' */
/** @import { Table } from '../session/files.js' */
import { h } from '../common/dom.js';
import { t } from '../common/words.js';
import { FileError, isAtHand, read, tableOf } from '../session/files.js';
import { isServed } from '../session/served.js';

/** Of more columns than these, or of columns that only the session sees, one is named and not chosen from a list: a list of thousands holds the page up. */
const MOST_LISTED = 300;

export class OwnFile {
  #chosen = h('div', { class: 'knob', hidden: true });
  #name = h('strong');
  /** @type {HTMLSelectElement | HTMLInputElement} */ #target = h('select', { id: 'knob-target' });
  #error = h('p', { class: 'error', id: 'file-error', hidden: true });
  /** What the list of columns was made of. */
  #made = '';
  /** The one that is shown, although the session may not have taken it: another column may do. @type {Table | null} */ #table = null;
  #given;

  /**
   * @param {HTMLElement} room the knobs of the data
   * @param {(table: Table, column?: string) => void} given a table, with the column that is to be predicted where it was chosen
   */
  constructor(room, given) {
    this.#given = given;
    const input = h('input', { type: 'file', id: 'file', accept: '.csv,.tsv,.txt,.mat,.npz,.npy,.gz,text/csv,text/plain', 't-label': 'file-choose', class: 'unseen', tabindex: -1 });
    const button = h('button', { type: 'button', id: 'file-choose', t: 'file-choose', 'aria-describedby': 'file-said' });
    button.addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      input.value = '';
      if (file) this.#take(file);
    });
    this.#chosen.append(h('p', {}, this.#name), h('label', { for: 'knob-target', t: 'knob-target' }), this.#target);
    const said = h('p', { class: 'soft', id: 'file-said', t: isServed ? 'file-said-served' : 'file-said' });
    room.querySelector('.sets')?.after(h('div', { class: 'own-file' }, button, input, said, this.#error, this.#chosen));
    this.#dropped();
  }

  /** @param {Settings} settings */
  show({ data, file, target }) {
    if (data === 'file' && isAtHand(file)) this.offer(tableOf(file), target);
  }

  /** @param {Table} table @param {string} target */
  offer(table, target) {
    this.#table = table;
    this.#chosen.hidden = false;
    this.#name.textContent = table.source.name;
    // A link may name a column that the first line does not: whether it is there, the session says.
    const choices = table.columns.includes(target) ? table.columns : [...table.columns, target];
    const made = `${table.sum} ${choices.length}`;
    if (made !== this.#made) {
      this.#made = made;
      const control = table.columns.length === 0 || choices.length > MOST_LISTED
        ? h('input', { id: 'knob-target', type: 'text', autocomplete: 'off', spellcheck: 'false' })
        : h('select', { id: 'knob-target' }, ...choices.map((column) => h('option', { value: column }, column)));
      control.addEventListener('change', () => this.#table && this.#given(this.#table, control.value));
      this.#target.replaceWith(control);
      this.#target = control;
    }
    // What is being typed stays, while an answer to what was typed before comes.
    const isTyped = this.#target instanceof HTMLInputElement && document.activeElement === this.#target;
    if (!isTyped) this.#target.value = target;
  }

  /** Another set is chosen. */
  forget() {
    this.#table = null;
    this.#chosen.hidden = this.#error.hidden = true;
  }

  /** Anywhere on the page. */
  #dropped() {
    const isFile = (/** @type {DragEvent} */ { dataTransfer }) => dataTransfer?.types.includes('Files') ?? false;
    const mark = (/** @type {boolean} */ isOver) => document.body.classList.toggle('dropping', isOver);
    document.addEventListener('dragover', (event) => {
      if (!isFile(event)) return;
      event.preventDefault();
      mark(true);
    });
    document.addEventListener('dragleave', ({ relatedTarget }) => relatedTarget === null && mark(false));
    document.addEventListener('drop', (event) => {
      if (!isFile(event)) return;
      event.preventDefault();
      mark(false);
      const file = event.dataTransfer?.files[0];
      if (file) this.#take(file);
    });
  }

  /** @param {File} file */
  async #take(file) {
    this.#error.hidden = true;
    try {
      this.#given(await read(file));
    } catch (error) {
      const known = error instanceof FileError ? error : new FileError('file-unreadable', { name: file.name });
      this.#error.textContent = t(known.words, known.values);
      this.#error.hidden = false;
    }
  }
}
