import { MachineError, isUserRange } from '@rseqlab/sim-machine';
import { addressOf, hexadecimal } from '../code-place.js';
import type { DebugSession } from '../debug-session.js';
import { reply } from '../debugger-command.js';
import type { DebuggerCommand } from '../debugger-command.js';
import { expectAlive, integerOf, refused, threadOrSelected } from '../words.js';

const WORDS_A_LINE = 4;
const DEFAULT_WORDS = 8;
const MOST_WORDS = 1024;

/** Words of memory, as the process of a thread maps it. */
export const memory: DebuggerCommand = {
  name: 'memory',
  aliases: ['x'],
  usage: 'ADDRESS [WORDS] [T]',
  summary: 'show words of memory, as a thread sees them mapped',
  details:
    'ADDRESS is a number, a register (r5, ip) or a place in the code. Stores that a CPU has buffered\nare not in memory yet.',
  run(session, words) {
    const { thread, rest } = threadOrSelected(session, words);
    expectAlive(session, thread);
    const isCounted = rest.length > 1 && /^\d+$/.test(rest.at(-1)!);
    const count = isCounted ? integerOf('words', rest.at(-1), 1, MOST_WORDS) : DEFAULT_WORDS;
    const text = (isCounted ? rest.slice(0, -1) : rest).join(' ');
    if (text === '') throw refused('an address', undefined);
    const start = memoryAddress(session, thread, text);
    const found: number[] = [];
    for (let i = 0; i < count; i++) {
      const word = peek(session, thread, start + i * 4);
      if (word === undefined) break;
      found.push(word);
    }
    if (found.length === 0) throw refused('an address that is mapped', text);
    const lines: string[] = [];
    for (let i = 0; i < found.length; i += WORDS_A_LINE) {
      const line = found.slice(i, i + WORDS_A_LINE).map((word) => hexadecimal(word).padStart(10));
      lines.push(`${hexadecimal(start + i * 4)}: ${line.join(' ')}\n`);
    }
    return reply(lines.join(''), { thread, address: start, words: found });
  },
};

function memoryAddress(session: DebugSession, thread: number, text: string): number {
  const register = /^r(\d+)$/.exec(text)?.[1];
  if (register !== undefined && Number(register) < 16)
    return session.register(thread, Number(register));
  if (text === 'ip') return session.ipOf(thread);
  return addressOf(session.run.machine, text);
}

function peek({ run }: DebugSession, thread: number, address: number): number | undefined {
  const { machine } = run;
  if (!isUserRange(address, 4)) return undefined;
  try {
    return machine.process(machine.threads.process[thread]!).read32(address);
  } catch (error) {
    if (error instanceof MachineError) return undefined;
    throw error;
  }
}
