import { Errno } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { RuntimeError } from '../../runtime-error.js';
import { currentIndex, expectIndex } from '../current-index.js';
import { runDerived } from '../fallback/run-derived.js';
import type { DerivedRun } from '../fallback/run-derived.js';
import { PrimitiveOutcome } from './primitive-outcome.js';
import type { PrimitiveResult } from './primitive-outcome.js';
import { PRIMITIVE_ENTRY, PRIMITIVE_SECTION, primitiveProgram } from './primitive-program.js';
import type { PrimitiveAttempt, PrimitiveFallback } from './section-primitive.js';

/** Bytes of the longest vector of a primitive with its constants, and of its slot in memory. */
const VECTOR_BYTES = 192;

/** Programs of one thread that may be in a fallback at the same time: itself, and signal handlers. */
const MAX_FRAMES = 4;

const ABORTED: PrimitiveResult = { outcome: PrimitiveOutcome.Aborted, loaded: 0 };

/**
 * The fallback of every primitive by cpu_opv: one vector that is derived from the primitive's own
 * section, carried out on the CPU that the attempt was for.
 *
 * | primitive                  | vector                                                    |
 * |----------------------------|-----------------------------------------------------------|
 * | `cmpeqv_storev`            | COMPARE_EQ v, MEMCPY v                                    |
 * | `addv`                     | ADD v                                                     |
 * | `cmpeqv_trystorev_storev`  | COMPARE_EQ v, MEMCPY v2, MEMCPY v                         |
 * | `cmpeqv_cmpeqv_storev`     | COMPARE_EQ v, COMPARE_EQ v2, MEMCPY v                     |
 * | `cmpeqv_trymemcpy_storev`  | COMPARE_EQ v, MEMCPY dst src, MEMCPY v                    |
 * | `cmpnev_storeoffp_load`    | COMPARE_EQ v with what was loaded from it, MEMCPY v       |
 * | `offset_deref_addv`        | COMPARE_EQ the pointer with what was loaded, ADD to there |
 *
 * With order `release` there is an MB in front of the store to v. The last two follow a pointer, which
 * cpu_opv cannot: it is loaded from user space first, and everything begins anew when the vector finds
 * another one. So each call ends, unless others with the same index get on for ever.
 *
 * Any number of threads may call, registered for rseq or not. The result is `Aborted`, with nothing
 * done, only where the thread may not run on the CPU any more: it has to look where it is.
 *
 * By `mm_cid` the vector begins with COMPARE_EQ cpu_id, COMPARE_EQ mm_cid of the thread's area, with what
 * they were: while a thread is on its CPU with its id, no other runs with that. It has to be registered,
 * and the result is `Aborted`, too, when it has another CPU or id by then. That rests on the area being
 * up to date when the system call begins and on the thread not being preempted inside of it, as is so
 * here; a kernel that preempts its system calls would have to compare the id that it knows itself.
 *
 * @param machine with the module `cpuOpv()` in its kernel
 * @throws RuntimeError `ERR_FALLBACK` in a signal handler in a handler in a handler in another; or when
 *   cpu_opv fails: no such system call, or an address that no memory is at. `ERR_UNREGISTERED` by mm_cid
 *   on a thread that has none
 * @source selftests, rseq/percpu-op.h and rseq/cpu-op.c
 */
export function cpuOpvFallback(machine: Machine, process: Process): PrimitiveFallback {
  const threads = machine.threads.capacity;
  const scratch = process.allocate(threads * MAX_FRAMES * VECTOR_BYTES, 64);
  return function* byCpuOpv(t, attempt) {
    const slot = t.id * MAX_FRAMES + checkFrame(t) - 1;
    return resultOf(attempt, yield* run(t, attempt, scratch + slot * VECTOR_BYTES));
  };
}

function* run(t: Thread, attempt: PrimitiveAttempt, scratch: number): Operation<DerivedRun> {
  const { definition, order, index, args } = attempt;
  const code = { program: primitiveProgram(definition, order, index), address: 0 };
  const { threadPointer } = t;
  if (index === 'mm_cid') yield* expectIndex(t, index);
  const cpu = index === 'cpu_id' ? args.at(-1)! : yield* currentIndex(t, 'cpu_id');
  const call = { code, entry: PRIMITIVE_ENTRY, section: PRIMITIVE_SECTION, index };
  return yield* runDerived(t, { ...call, args, threadPointer, cpu }, scratch);
}

function resultOf({ definition, args }: PrimitiveAttempt, done: DerivedRun): PrimitiveResult {
  const { name } = definition;
  if ('noFallback' in done)
    throw new RuntimeError(
      'ERR_FALLBACK',
      `expected a vector for ${name}, got ${done.noFallback.rule}: ${done.noFallback.message}`,
    );
  if ('result' in done) {
    const outcome = done.result as PrimitiveOutcome;
    const loads = definition.loads && outcome === PrimitiveOutcome.Committed;
    return { outcome, loaded: loads ? done.observed.get(args[0]!)! : 0 };
  }
  if (done.error === -Errno.EINVAL || done.error === -Errno.EAGAIN) return ABORTED;
  throw new RuntimeError(
    'ERR_FALLBACK',
    `expected cpu_opv to carry out ${name}, got errno ${-done.error}`,
  );
}

function checkFrame(t: Thread): number {
  if (t.frameCount > MAX_FRAMES)
    throw new RuntimeError(
      'ERR_FALLBACK',
      `expected at most ${MAX_FRAMES - 1} signal handlers on top of each other, got ${t.frameCount - 1}`,
    );
  return t.frameCount;
}
