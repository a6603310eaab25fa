import { reply } from '../debugger-command.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { noMore, refused } from '../words.js';

/** Takes breakpoints away. */
export const deleteBreakpoint: DebuggerCommand = {
  name: 'delete',
  aliases: ['d'],
  usage: '[N]',
  summary: 'take a breakpoint away, or all of them',
  run(session, [word, ...rest]) {
    noMore(rest);
    const { breakpoints } = session;
    const before = breakpoints.all.map(({ number }) => number);
    const isThere = breakpoints.remove(word === undefined ? undefined : Number(word));
    if (word !== undefined && !isThere)
      throw refused(
        `a breakpoint (${before.length === 0 ? 'there are none' : before.join(', ')})`,
        word,
      );
    const left = breakpoints.all.map(({ number }) => number);
    const deleted = before.filter((number) => !left.includes(number));
    return reply('', { deleted });
  },
};
