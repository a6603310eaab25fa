import type { InstalledProgram } from '@rseqlab/sim-machine';
import { CpuOpVector } from '../cpu-op-vector.js';
import { EXPECTED, Underivable } from './no-fallback.js';
import type { NoFallback } from './no-fallback.js';
import type { LoadedBranch } from './loaded-branch.js';
import { ObservedWords } from './observed-words.js';
import { SectionCode } from './section-code.js';
import { SectionRun } from './section-run.js';
import { wordOf } from './symbolic-value.js';
import type { SymbolicValue } from './symbolic-value.js';
import type { IndexKind } from '../index-kind.js';
import { ThreadArea } from './thread-area.js';
import { VectorWriter } from './vector-writer.js';

/** One call of a routine with a section. */
export interface SectionCall {
  /** The program, where it is installed. */
  readonly code: Pick<InstalledProgram, 'program' | 'address'>;
  /** Label of the routine. */
  readonly entry: string;
  /** Name of its section. */
  readonly section: string;
  /** r1 to r6. */
  readonly args: readonly number[];
  /** The thread's pointer, r14. */
  readonly threadPointer: number;
  /** The CPU to do it on. */
  readonly cpu: number;
  /**
   * By what the section's data is indexed; default `cpu_id`. By `mm_cid` the thread has to be on the CPU
   * already: the vector compares `cpu_id` in the area first, and the section's own compare of `mm_cid`
   * becomes one of the vector's.
   */
  readonly index?: IndexKind;
  /**
   * What the caller has found in words of memory, by address: the vector compares it, and may then
   * use it as an address, which it could not load itself. Default nothing.
   */
  readonly observed?: ReadonlyMap<number, number>;
}

/** A vector that does what a call would have done. */
export interface Fallback {
  readonly vector: CpuOpVector;
  /**
   * What the routine returns in r0 (0 where it sets none), by what cpu_opv returns: 0, or i + 1 where
   * comparison i failed.
   */
  readonly outcomes: ReadonlyMap<number, number>;
  /**
   * What cpu_opv returns where an observed word has changed: no more was done than a section leaves
   * that was aborted, and memory has to be looked at again.
   */
  readonly changed: ReadonlySet<number>;
  /** What cpu_opv returns where the thread was not on the CPU, with nothing done; 0 where that is all one. */
  readonly moved: number;
}

/** A fallback, or why there is none. */
export type Derivation = { readonly fallback: Fallback } | { readonly noFallback: NoFallback };

const R0 = 0;
const THREAD_POINTER = 14;
const UNKNOWN: SymbolicValue = { kind: 'opaque', rule: 'value' };

/**
 * Makes the vector for cpu_opv that has the same effects and the same outcome as one call of a
 * routine with a section, on a given CPU: nothing has to be written twice.
 *
 * The routine is followed with its arguments and what memory holds as unknowns. A branch on a loaded
 * value becomes a comparison where one way leaves without effect; a loaded value that is stored
 * becomes a copy, or an operation in place; a store with release order gets an MB in front. A value
 * that is used more than once is read anew by each operation, which makes no difference as long as
 * only threads of the CPU write to it, in sections or by cpu_opv: that is what sections rely on, too.
 *
 * @returns the reason with the instruction where no vector does the same
 * @throws RuntimeError `ERR_FALLBACK` when the program has no such section, or a faulty one
 */
export function deriveFallback(call: SectionCall): Derivation {
  const code = new SectionCode(call.code, call.section);
  const registers = new Array<SymbolicValue>(16).fill(UNKNOWN);
  for (let index = 0; index < 6; index++) registers[index + 1] = (call.args[index] ?? 0) | 0;
  registers[THREAD_POINTER] = call.threadPointer | 0;
  const byCid = call.index === 'mm_cid';
  const area = new ThreadArea(call.threadPointer, call.cpu, byCid);
  const writer = new VectorWriter();
  if (byCid) writer.expectWord(area.cpuIdAddress, call.cpu);
  const observed = new ObservedWords(call.observed);
  const run = new SectionRun(code, area, writer, code.offsetOf(call.entry), registers, observed);
  try {
    const outcomes = new Map<number, number>();
    for (;;) {
      const state = run.run();
      if (state === 'returned') {
        outcomes.set(0, resultOf(code, run));
        const { changed } = observed;
        const vector = new CpuOpVector(writer.ops);
        return { fallback: { vector, outcomes, changed, moved: byCid ? 1 : 0 } };
      }
      decide(code, run, writer, state, outcomes);
    }
  } catch (error) {
    if (!(error instanceof Underivable)) throw error;
    const { offset } = run;
    const { rule, wants } = error;
    const instruction = code.text(offset);
    const why = { rule, offset, instruction, message: EXPECTED[rule] };
    return { noFallback: wants === undefined ? why : { ...why, wants } };
  }
}

/** Turns a branch into a comparison: one way leaves without effect, the run goes on the other. */
function decide(
  code: SectionCode,
  run: SectionRun,
  writer: VectorWriter,
  branch: LoadedBranch,
  outcomes: Map<number, number>,
): void {
  const { takenIf, left, right, target, next } = branch;
  const atTarget = leave(code, run, target);
  const isTargetExit = typeof atTarget === 'number';
  const exit = isTargetExit ? atTarget : leave(code, run, next);
  if (typeof exit !== 'number') {
    const ends = [atTarget, exit].filter((end) => typeof end !== 'number');
    throw ends.find(({ rule }) => rule !== 'both-ways') ?? exit;
  }
  // The comparison holds where the run goes on.
  const goesOnIfEqual = (takenIf === 'equal') !== isTargetExit;
  writer.compare(goesOnIfEqual ? 'COMPARE_EQ' : 'COMPARE_NE', left, right);
  outcomes.set(writer.ops.length, exit);
  run.offset = isTargetExit ? next : target;
}

/** What a routine returns that goes on at an offset without effects; or why it does not. */
function leave(code: SectionCode, run: SectionRun, offset: number): number | Underivable {
  const exit = run.withoutEffects(offset);
  try {
    return exit.run() === 'returned' ? resultOf(code, exit) : new Underivable('both-ways');
  } catch (error) {
    if (!(error instanceof Underivable)) throw error;
    return error;
  }
}

function resultOf(code: SectionCode, run: SectionRun): number {
  for (let register = 1; register < 16; register++)
    if ((code.results >>> register) & 1) known(run.registers[register]!);
  return known(run.registers[R0]!);
}

/** What nobody set is no result; what was loaded is one. */
function known(result: SymbolicValue): number {
  if (result === UNKNOWN) return 0;
  if (typeof result === 'number') return result;
  throw new Underivable('result', wordOf(result));
}
