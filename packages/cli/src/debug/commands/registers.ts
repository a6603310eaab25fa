import { RegisterFile } from '@rseqlab/sim-machine';
import { hexadecimal, placeText } from '../code-place.js';
import { reply } from '../debugger-command.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { table } from '../table.js';
import { expectAlive, noMore, threadOrSelected } from '../words.js';

const GENERAL = 16;
const NAMED: Readonly<Record<number, string>> = {
  [RegisterFile.ThreadPointer]: 'thread pointer',
  [RegisterFile.StackPointer]: 'stack pointer',
};

/** The registers of a thread. */
export const registers: DebuggerCommand = {
  name: 'registers',
  aliases: ['r'],
  usage: '[T]',
  summary: 'show the registers of a thread',
  run(session, words) {
    const { thread, rest } = threadOrSelected(session, words);
    noMore(rest);
    expectAlive(session, thread);
    const general = Array.from({ length: GENERAL }, (_, n) => session.register(thread, n));
    const ip = session.ipOf(thread);
    const lines = general.map((value, n) => [
      `r${n}`,
      hexadecimal(value),
      String(value),
      NAMED[n] ?? '',
    ]);
    lines.push(['ip', hexadecimal(ip), String(ip), placeText(session.run.machine, ip)]);
    return reply(table(lines), { thread, general, ip });
  },
};
