import { MAX_CPUS } from '@rseqlab/sim-machine';
import { CommandError } from '../command-error.js';
import type { DebugSession } from './debug-session.js';

/** Refuses more words than a command takes. */
export function noMore(words: readonly string[]): void {
  if (words.length > 0) throw refused('nothing more', words.join(' '));
}

/** A complaint about a word. */
export function refused(expected: string, got: string | undefined): CommandError {
  return new CommandError(
    `expected ${expected}, got ${got === undefined ? 'nothing' : `"${got}"`}`,
  );
}

/** Whether a word names a thread: `T0`, `t12`. */
function isThreadWord(word: string | undefined): word is string {
  return word !== undefined && /^[Tt]\d+$/.test(word);
}

/** The thread that a word names. */
export function threadOf(session: DebugSession, word: string | undefined): number {
  const thread =
    word !== undefined && /^[Tt]?\d+$/.test(word) ? Number(word.replace(/^[Tt]/, '')) : -1;
  const { threads } = session.run;
  if (threads.some((known) => known.thread === thread)) return thread;
  throw refused(`a thread (${threads.map((known) => `T${known.thread}`).join(', ')})`, word);
}

/** The thread that the last word names, if it does, otherwise the selected one. */
export function threadOrSelected(
  session: DebugSession,
  words: readonly string[],
): { readonly thread: number; readonly rest: readonly string[] } {
  const last = words.at(-1);
  if (!isThreadWord(last)) return { thread: session.selected, rest: words };
  return { thread: threadOf(session, last), rest: words.slice(0, -1) };
}

/** The CPU that a word names. */
export function cpuOf(session: DebugSession, word: string | undefined): number {
  const { possible } = session.run.machine.cpus;
  const cpu =
    word === undefined ? -1 : integerOf('a CPU', word.replace(/^cpu/i, ''), 0, MAX_CPUS - 1);
  if (possible.includes(cpu)) return cpu;
  throw refused(`a CPU (${possible.join(', ')})`, word);
}

/** A number, decimal or hexadecimal, in a range. */
export function integerOf(
  what: string,
  word: string | undefined,
  min: number,
  max: number,
): number {
  const value = word !== undefined && /^(?:\d+|0x[\da-f]+)$/i.test(word) ? Number(word) : NaN;
  if (value >= min && value <= max) return value;
  throw refused(`${what} from ${min} to ${max}`, word);
}

/** How often to do something: 1 unless said otherwise. */
export function countOf(word: string | undefined): number {
  return word === undefined ? 1 : integerOf('a count', word, 1, 1_000_000);
}

/** Refuses a thread that has ended, and has neither registers nor memory any more. */
export function expectAlive(session: DebugSession, thread: number): void {
  if ((session.placeOf(thread)?.state ?? 'ended') === 'ended')
    throw new CommandError(`expected a thread that lives, got T${thread}, which has ended`);
}
