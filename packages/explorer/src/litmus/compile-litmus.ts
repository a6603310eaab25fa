import { ProgramBuilder, type Program } from '@rseqlab/sim-machine';
import { emitThread } from './emit-thread.js';
import type { FinalState } from './final-state.js';
import { LitmusError } from './litmus-error.js';
import { valueOfWord, type LitmusLayout } from './litmus-layout.js';
import { initialValue } from './litmus-question.js';
import type { LitmusTest } from './litmus-test.js';
import {
  assignRegisters,
  REGISTERS_PER_THREAD,
  type RegisterAssignment,
} from './machine-registers.js';
import type { SourcePosition } from './source-text.js';

/** One thread of a test as the machine runs it. */
export interface CompiledThread {
  /** Starts at its first word; ends by `ret`. */
  readonly program: Program;
  /** Where the registers are that the test uses or observes. */
  readonly registers: RegisterAssignment;
}

/** A word that has to be in memory before a test starts. */
export interface InitialWord {
  readonly location: string;
  readonly address: number;
  readonly word: number;
}

/** A test as the machine runs it. */
export interface CompiledLitmus {
  readonly test: LitmusTest;
  readonly layout: LitmusLayout;
  /** The programs of P0, P1, ... */
  readonly threads: readonly CompiledThread[];
  /** The initial word of every location, zeros included. */
  readonly memory: readonly InitialWord[];
}

/** How to look at a machine that has run a test to its end. */
export interface LitmusProbe {
  /** The machine register of a thread, 0 to 15, of thread 0, 1, ... */
  register(thread: number, register: number): number;
  /** The word at a virtual address, with all store buffers drained. */
  word(address: number): number;
}

/** The label at the start of every thread's program. */
export const LITMUS_ENTRY = 'entry';

/**
 * Translates a test to one program a thread.
 *
 * The machine's word has 32 bits, and so has every access here: `movq` and `movl` are the same, which
 * is right for the small values of litmus tests and for the machine's 32-bit addresses; `movw` and
 * `movb` stay 16 and 8 bits wide. Initial registers are set by the program itself, by instructions
 * that no other thread can see; initial memory is up to the caller.
 *
 * @param layout - an address for each of `test.locations`, a multiple of 4, see
 *   {@link layoutLocations}
 * @throws LitmusError `ERR_LITMUS_MACHINE` when a location has no address or a thread uses more than
 *   8 registers.
 */
export function compileLitmus(test: LitmusTest, layout: LitmusLayout): CompiledLitmus {
  const missing = test.locations.find((location) => !layout.has(location));
  if (missing !== undefined) refuse(test, 'an address for every location', `none for ${missing}`);
  const threads = test.threads.map((_, index) => compileThread(test, index, layout));
  const memory = test.locations.map((location): InitialWord => {
    const value = initialValue(test, { kind: 'location', location });
    const word = typeof value === 'string' ? layout.get(value)! : value;
    return { location, address: layout.get(location)!, word: word | 0 };
  });
  return { test, layout, threads, memory };
}

/** The final state of a test that has run to its end. */
export function readFinalState(
  { test, layout, threads }: CompiledLitmus,
  probe: LitmusProbe,
): FinalState {
  return test.observed.map((observable) => {
    if (observable.kind === 'location')
      return valueOfWord(layout, probe.word(layout.get(observable.location)!));
    const register = threads[observable.thread]!.registers.get(observable.register)!;
    return valueOfWord(layout, probe.register(observable.thread, register));
  });
}

function compileThread(test: LitmusTest, index: number, layout: LitmusLayout): CompiledThread {
  const registers = assignRegisters(test, index);
  if (!registers) {
    const start = test.threads[index]!.instructions[0]?.position;
    return refuse(test, `at most ${REGISTERS_PER_THREAD} registers in P${index}`, 'more', start);
  }
  const builder = new ProgramBuilder(`${test.name} P${index}`).label(LITMUS_ENTRY);
  emitThread(builder, test, index, layout, registers);
  return { program: builder.build(), registers };
}

function refuse(
  { file }: LitmusTest,
  expected: string,
  got: string,
  { line, column }: SourcePosition = { line: 1, column: 1 },
): never {
  throw new LitmusError('ERR_LITMUS_MACHINE', { file, line, column, expected, got });
}
