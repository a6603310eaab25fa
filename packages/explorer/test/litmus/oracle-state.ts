import type { LitmusTest } from '../../src/litmus/litmus-test.js';
import type { LitmusValue } from '../../src/litmus/litmus-value.js';
import { initialValue } from '../../src/litmus/litmus-question.js';
import { X86_REGISTERS, type X86Register } from '../../src/litmus/x86-register.js';

/** The flags that conditional jumps read. */
export interface Flags {
  readonly zero: boolean;
  readonly sign: boolean;
  readonly carry: boolean;
  readonly overflow: boolean;
}

/** A store that waits in a thread's buffer. */
export interface BufferedStore {
  readonly address: number;
  readonly sizeBytes: number;
  readonly value: number;
}

/** Where a thread is. */
export interface ThreadState {
  /** Index of the next instruction. */
  readonly next: number;
  /** What an instruction in two steps has loaded in its first; undefined before. */
  readonly loaded: number | undefined;
  readonly flags: Flags;
  readonly registers: Readonly<Record<X86Register, number>>;
  /** Oldest first. */
  readonly buffer: readonly BufferedStore[];
}

/** Where a whole test is. */
export interface OracleState {
  readonly threads: readonly ThreadState[];
  /** One word a location, in the order of `test.locations`. */
  readonly memory: readonly number[];
}

const FIRST_ADDRESS = 0x40000000;
const DISTANCE_BYTES = 64;

/** The made-up address of a location. */
export function addressOf(test: LitmusTest, location: string): number {
  return FIRST_ADDRESS + DISTANCE_BYTES * test.locations.indexOf(location);
}

/** The location that an address lies in, and how far behind its start. */
export function cellAt(address: number): { index: number; offsetBytes: number } {
  const distance = address - FIRST_ADDRESS;
  return { index: Math.floor(distance / DISTANCE_BYTES), offsetBytes: distance % DISTANCE_BYTES };
}

/** A value as a word. */
export function wordOf(test: LitmusTest, value: LitmusValue): number {
  return typeof value === 'number' ? value : addressOf(test, value);
}

/** A word as a value: the start of a location is that location's address. */
export function valueOf(test: LitmusTest, word: number): LitmusValue {
  const { index, offsetBytes } = cellAt(word);
  return offsetBytes === 0 ? (test.locations[index] ?? word) : word;
}

/** Where a test begins. */
export function startOf(test: LitmusTest): OracleState {
  const threads = test.threads.map((_, thread): ThreadState => {
    const registers = X86_REGISTERS.map((register) => {
      const value = initialValue(test, { kind: 'register', thread, register });
      return [register, wordOf(test, value)] as const;
    });
    return {
      next: 0,
      loaded: undefined,
      flags: { zero: false, sign: false, carry: false, overflow: false },
      registers: Object.fromEntries(registers) as Record<X86Register, number>,
      buffer: [],
    };
  });
  const memory = test.locations.map((location) =>
    wordOf(test, initialValue(test, { kind: 'location', location })),
  );
  return { threads, memory };
}

/** Equal for equal states only. */
export function keyOf({ threads, memory }: OracleState): string {
  const parts = threads.map(({ next, loaded, flags, registers, buffer }) => {
    const stores = buffer.map(
      ({ address, sizeBytes, value }) => `${address}.${sizeBytes}.${value}`,
    );
    const bits = [flags.zero, flags.sign, flags.carry, flags.overflow].map(Number).join('');
    return [next, loaded, bits, Object.values(registers).join(','), stores.join(',')].join(';');
  });
  return `${memory.join(',')}|${parts.join('|')}`;
}
