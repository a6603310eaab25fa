import { reply } from '../debugger-command.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { noMore } from '../words.js';

/** The run so far as one word. */
export const token: DebuggerCommand = {
  name: 'token',
  summary: 'print the replay token of the run so far, and the command that makes it again',
  run(session, words) {
    noMore(words);
    const named = session.nameRun(session.run);
    return reply(`${named.command}\n`, { ...named, position: session.run.position });
  },
};
