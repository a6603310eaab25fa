import { hexadecimal } from '../code-place.js';
import { reply } from '../debugger-command.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { table } from '../table.js';
import { noMore } from '../words.js';

/** The section table. */
export const sections: DebuggerCommand = {
  name: 'sections',
  summary: 'list the critical sections: start, length, abort handler, descriptor',
  run(session, words) {
    noMore(words);
    const listed = session.sections.sections;
    if (listed.length === 0) return reply('no critical sections\n', { sections: [] });
    const lines = listed.map(({ program, name, startIp, length, abortIp, descriptor }) => [
      `${program}: ${name}`,
      hexadecimal(startIp),
      String(length),
      hexadecimal(abortIp),
      hexadecimal(descriptor),
    ]);
    const heads = ['section', 'start', 'bytes', 'abort', 'descriptor'];
    return reply(table([heads, ...lines]), { sections: listed });
  },
};
