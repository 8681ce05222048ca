// What the formulas by hand cannot follow is said in words, with a way out.

/** @import { Visit } from './visit.js' */
import { byId } from '../common/dom.js';
import { learn, t, written } from '../common/words.js';
import { copyOf } from './settings.js';

learn({
  en: {
    'refused-l1': 'This training has an L1 penalty. The formulas of this room have only the L2 penalty.',
    'without-l1': 'Open it without the L1 penalty',
    'refused-large': 'This network has {n} parameters. Each of them takes two forward passes for each ε, so this room takes 600 at most.',
    'a-smaller-one': 'Open a smaller network',
  },
  zh: {
    'refused-l1': '这个训练带有 L1 惩罚，而这里的公式只有 L2 惩罚。',
    'without-l1': '去掉 L1 惩罚后打开',
    'refused-large': '这个网络有 {n} 个参数。每个参数对每个 ε 都要做两次前向传播，所以这里最多检验 600 个。',
    'a-smaller-one': '打开一个小一些的网络',
  },
});

/** Without the L1 penalty, all the way. @param {Visit} visit */
async function withoutL1({ player }) {
  const { course, picture } = player;
  if (!course || !picture) return;
  const without = (/** @type {typeof course.start} */ settings) => ({ ...copyOf(settings), l1: 0 });
  const turns = course.turns.map((turn) => (turn.settings ? { ...turn, settings: without(turn.settings) } : turn));
  await player.begin({ start: without(course.start), turns }, picture.at.step);
}

/**
 * Say what is refused; without a message, nothing is any more.
 * @param {Visit} visit
 * @param {string} [message]
 * @param {number} [most] parameters that the room takes
 */
export function refuse(visit, message, most = Infinity) {
  const wayOut = byId('way-out', HTMLButtonElement);
  const parameters = visit.player.picture?.began.parameters ?? 0;
  const reason = !message ? null : (visit.settings?.l1 ?? 0) > 0 ? 'l1' : parameters > most ? 'large' : 'other';
  wayOut.hidden = reason === null || reason === 'other';
  if (reason === null) return;
  wayOut.textContent = t(reason === 'l1' ? 'without-l1' : 'a-smaller-one');
  wayOut.onclick = () => {
    visit.notice();
    if (reason === 'l1') withoutL1(visit);
    else visit.open('');
  };
  visit.notice(reason === 'other' ? t('refused', { message: message ?? '' }) : t(`refused-${reason}`, { n: written(parameters) }), true);
}
