import type { DebuggerCommand } from '../debugger-command.js';
import { reply } from '../debugger-command.js';
import { locationData, locationText } from '../location.js';
import { noMore, threadOf } from '../words.js';

/** Selects the thread that other commands are about. */
export const thread: DebuggerCommand = {
  name: 'thread',
  aliases: ['t', 'where'],
  usage: '[T]',
  summary: 'select a thread, or say where the selected one is',
  run(session, [word, ...rest]) {
    noMore(rest);
    if (word !== undefined) session.selected = threadOf(session, word);
    return reply(`${locationText(session)}\n`, { at: locationData(session) });
  },
};
