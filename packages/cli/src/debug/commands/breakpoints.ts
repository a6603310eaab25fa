import { reply } from '../debugger-command.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { table } from '../table.js';
import { noMore } from '../words.js';

/** Every breakpoint. */
export const breakpoints: DebuggerCommand = {
  name: 'breakpoints',
  summary: 'list the breakpoints',
  run(session, words) {
    noMore(words);
    const { all } = session.breakpoints;
    if (all.length === 0) return reply('no breakpoints\n', { breakpoints: [] });
    const lines = all.map(({ number, text, thread, isTemporary }) => [
      String(number),
      text,
      thread === undefined ? '' : `if T${thread}`,
      isTemporary ? 'once' : '',
    ]);
    return reply(table(lines), { breakpoints: all });
  },
};
