import { textAt } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';

/** What the instruction that a thread is about to execute means to other CPUs. */
export const VisibleOperation = {
  /** A load, or anything else about which nothing special is known. */
  Other: 0,
  /** A plain store: under `tso` it goes into the CPU's own buffer. */
  Store: 1,
  /** A full fence: it waits for the CPU's buffer. */
  Fence: 2,
  /** A read-modify-write: it waits for the CPU's buffer, then accesses memory. */
  Atomic: 3,
  /** A fence that orders nothing which a FIFO buffer does not: it does nothing at all. */
  Nothing: 4,
  /** A system call: behind it the CPU has executed a full fence. */
  Syscall: 5,
} as const;

/** One of {@link VisibleOperation}. */
export type VisibleOperation = (typeof VisibleOperation)[keyof typeof VisibleOperation];

const BY_MNEMONIC: ReadonlyMap<string, VisibleOperation> = new Map([
  ...['st8', 'st16', 'st32', 'st64', 'stl32'].map(
    (name) => [name, VisibleOperation.Store] as const,
  ),
  ...['cas32', 'xchg32', 'xadd32', 'xand32', 'xorr32', 'xxor32'].map(
    (name) => [name, VisibleOperation.Atomic] as const,
  ),
  ['fence', VisibleOperation.Fence],
  ['syscall', VisibleOperation.Syscall],
  ['fencer', VisibleOperation.Nothing],
  ['fencew', VisibleOperation.Nothing],
]);

/** The operation of every word of a program, by index of the word. */
export function operationsOf(program: Program): Uint8Array {
  return Uint8Array.from(program.words, (_, index) => {
    const [mnemonic = ''] = textAt(program, index * 4).split(' ');
    return BY_MNEMONIC.get(mnemonic) ?? VisibleOperation.Other;
  });
}

const WRITING: ReadonlySet<VisibleOperation> = new Set([
  VisibleOperation.Store,
  VisibleOperation.Atomic,
]);

/** By index of the word: 1 where a thread may still write to memory from there on, else 0. */
export function writesLater(program: Program, operations: Uint8Array): Uint8Array {
  const writes = Array.from(operations, (operation) => WRITING.has(operation as VisibleOperation));
  const last = writes.lastIndexOf(true);
  // Where control may go back, what was written may be written again.
  const isStraight = program.words.every(
    (_, index) => !/^(j|b[nlge])/.test(textAt(program, index * 4)),
  );
  return Uint8Array.from(writes, (_, index) =>
    index <= last || (last >= 0 && !isStraight) ? 1 : 0,
  );
}
