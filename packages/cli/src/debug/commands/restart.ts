import type { DebuggerCommand } from '../debugger-command.js';
import { goBack } from '../going-back.js';
import { noMore } from '../words.js';

/** Back to the start. */
export const restart: DebuggerCommand = {
  name: 'restart',
  aliases: ['run', 'start'],
  summary: 'go back to the start; what was decided lies ahead then',
  run(session, words) {
    noMore(words);
    return goBack(session, 0);
  },
};
