import type { InstalledProgram, Operation, Thread } from '@rseqlab/sim-machine';
import { RseqOffset } from '../../kernel/rseq-abi.js';
import { RSEQ_OFFSET } from '../rseq-area.js';
import type { NoFallback } from './no-fallback.js';
import { runDerived } from './run-derived.js';

/** Bytes of memory that a fallback needs to put its vector and constants together. */
export const FALLBACK_SCRATCH_BYTES = 1024;

/** A routine with a section that says when it was aborted. */
export interface FallbackRoutine {
  /** The program, where it is installed. */
  readonly code: InstalledProgram;
  /** Label of the routine. */
  readonly entry: string;
  /** Name of its section. */
  readonly section: string;
  /** What its abort handler returns, and nothing else does. */
  readonly aborted: number;
}

/**
 * Calls a routine, and if its section was aborted, does the same by one cpu_opv on the CPU that the
 * thread is on by then: no second try, so that it ends whatever keeps aborting the section.
 *
 * @param scratch {@link FALLBACK_SCRATCH_BYTES} that only this thread uses, aligned to 8
 * @returns what the routine returns; a negative errno of cpu_opv; or why there is no fallback
 * @source selftests, rseq/percpu-op.h
 */
export function* runWithFallback(
  t: Thread,
  routine: FallbackRoutine,
  args: readonly number[],
  scratch: number,
): Operation<number | NoFallback> {
  const { code, entry, section, aborted } = routine;
  const [a1 = 0, a2 = 0, a3 = 0, a4 = 0] = args;
  const result = yield* t.call(code.routine(entry), a1, a2, a3, a4);
  if (result !== aborted) return result;
  const { threadPointer } = t;
  const cpu = yield* t.load(threadPointer + RSEQ_OFFSET + RseqOffset.cpuIdStart);
  const run = yield* runDerived(t, { code, entry, section, args, threadPointer, cpu }, scratch);
  if ('noFallback' in run) return run.noFallback;
  return 'result' in run ? run.result : run.error;
}
