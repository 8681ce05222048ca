// One sentence on top of every room while the server is not there.

import { h } from '../common/dom.js';
import { learn, t } from '../common/words.js';

learn({
  en: {
    'server-lost': 'The server does not answer: it was stopped, or the network is down. The page tries again, and goes on from where it is.',
    'server-full': 'As many sessions are open as the server takes. Close other tabs: the page tries again, and goes on from where it is.',
  },
  zh: {
    'server-lost': '服务器没有应答：它已停止，或网络已断开。本页会不断重试，并从当前位置继续。',
    'server-full': '服务器的会话数已达上限。请关闭其他标签页：本页会不断重试，并从当前位置继续。',
  },
});

/** Sessions whose server is away. @type {Set<object>} */
const away = new Set();
const sentence = h('p', { class: 'note bad', id: 'connection', hidden: true });
const region = h('div', { role: 'status' }, sentence);

/** A session has lost its server. @param {object} session @param {'server-lost' | 'server-full'} why */
export function lost(session, why) {
  if (!region.isConnected) document.querySelector('header')?.after(region);
  away.add(session);
  sentence.dataset.t = why;
  sentence.textContent = t(why);
  sentence.hidden = false;
}

/** It has it again. @param {object} session */
export function found(session) {
  away.delete(session);
  sentence.hidden = away.size === 0;
}
