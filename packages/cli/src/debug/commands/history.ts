import { reply } from '../debugger-command.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { rowLine } from '../movement.js';
import { integerOf, noMore } from '../words.js';

const DEFAULT_ROWS = 20;

/** What happened last. */
export const history: DebuggerCommand = {
  name: 'history',
  aliases: ['h'],
  usage: '[N]',
  summary: 'show the last N things that happened in the run (20)',
  run({ run }, [word, ...rest]) {
    noMore(rest);
    const count = word === undefined ? DEFAULT_ROWS : integerOf('a count', word, 1, 10_000);
    const rows = run.rowsFrom(0).slice(-count);
    const lines = rows.map((row) => `${String(row.index ?? '').padStart(5)}  ${rowLine(row)}\n`);
    return reply(lines.length === 0 ? 'nothing has happened yet\n' : lines.join(''), { rows });
  },
};
