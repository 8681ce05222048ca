// The ways to repeat a training elsewhere: a link, commands, a recipe.

/** @import { Player } from '../session/player.js' */
import { byId, h, translate } from '../common/dom.js';
import { t } from '../common/words.js';

/** Where it is said how to get the command. */
const INSTALLATION = 'https://github.com/nablab/nablab#installation';

/** @param {string} recipe @param {string[]} commands */
export function script(recipe, commands) {
  return `cat > recipe.toml <<'END'\n${recipe.trimEnd()}\nEND\n${commands.join('\n')}\n`;
}

/** @param {Player} player @param {() => string} link */
export function sharing(player, link) {
  const dialog = byId('sharing', HTMLDialogElement);
  const parts = byId('sharing-parts', HTMLElement);
  const heard = byId('sharing-heard', HTMLElement);

  /** @param {string} name @param {string} text */
  const part = (name, text) => {
    const id = `share-text-${name}`;
    const area = h('textarea', { id, readonly: true, rows: Math.max(3, Math.min(24, text.split('\n').length)), spellcheck: 'false' });
    area.value = text;
    const copy = h('button', { type: 'button', t: 'copy' });
    copy.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text);
        heard.textContent = t('copied');
      } catch {
        area.select();
        heard.textContent = t('not-copied');
      }
    });
    return h('section', {}, h('div', { class: 'head' }, h('label', { for: id, t: `share-${name}` }), copy), h('p', { class: 'soft', t: `share-${name}-said` }), area);
  };

  byId('share', HTMLButtonElement).addEventListener('click', async () => {
    player.pause();
    const repeat = await player.repeat();
    if (!repeat) return;
    const { recipe, commands } = repeat;
    heard.textContent = '';
    parts.replaceChildren(
      part('link', link()),
      ...(commands ? [part('commands', script(recipe, commands)), h('p', { class: 'soft' }, h('a', { href: INSTALLATION, t: 'share-installation' }))] : [h('p', { class: 'note', t: 'share-no-commands' })]),
      part('recipe', recipe),
    );
    translate(dialog);
    dialog.showModal();
  });
  byId('sharing-close', HTMLButtonElement).addEventListener('click', () => dialog.close());
}
