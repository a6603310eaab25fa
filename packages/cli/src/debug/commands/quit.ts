import type { DebuggerCommand } from '../debugger-command.js';
import { noMore } from '../words.js';

/** The end. */
export const quit: DebuggerCommand = {
  name: 'quit',
  aliases: ['q', 'exit'],
  summary: 'end the debugger, as the end of the input does',
  run(_session, words) {
    noMore(words);
    return { text: '', data: {}, quits: true };
  },
};
