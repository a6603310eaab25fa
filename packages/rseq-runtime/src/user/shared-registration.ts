import { Errno, SignalMaskHow, SyscallNumber, signalSet, sigprocmask } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import {
  RSEQ_CPU_ID_REGISTRATION_FAILED,
  RSEQ_CPU_ID_UNINITIALIZED,
  RSEQ_FLAG_UNREGISTER,
  RSEQ_ORIGINAL_SIZE,
  RSEQ_SIGNATURE,
  RseqOffset,
} from '../kernel/rseq-abi.js';
import { RSEQ_OFFSET } from './rseq-area.js';
import { initializeAreas } from './thread-area.js';

/**
 * Where in a thread's block the libraries count who uses the registration; what librseq's
 * `__rseq_refcount` was before the C library registered threads.
 */
export const RSEQ_REFERENCES_OFFSET = 96;

/**
 * The one registration of a thread, which all its libraries share.
 *
 * | thread is registered by     | `register`         | `unregister`                          |
 * |-----------------------------|--------------------|---------------------------------------|
 * | the C library, at its start | 0                  | 0; it stays registered                |
 * | nobody                      | the system call    | -EINVAL                               |
 * | a library                   | counts one more    | counts one less; the last unregisters |
 *
 * Every function is called by the thread itself, for itself; also from a signal handler, since
 * signals wait while the system call and its count are made. A thread may exit without
 * unregistering: the kernel forgets it.
 *
 * @example
 * ```ts
 * const registration = SharedRegistration.create(process); // in each library
 * process.spawn(function* (t) {
 *   if ((yield* registration.register(t)) < 0) return; // no rseq here
 *   // sections
 *   yield* registration.unregister(t);
 * });
 * ```
 * @source librseq, src/rseq.c (rseq_register_current_thread); glibc, __rseq_size
 */
export class SharedRegistration {
  private constructor() {
    // Has no state: what libraries share lies in the thread.
  }

  /** For the threads of a process that start from now on; any number of libraries may do so. */
  static create(process: Process): SharedRegistration {
    initializeAreas(process);
    process.threadData.claim(RSEQ_REFERENCES_OFFSET, 4, 'the count of uses of rseq');
    return new SharedRegistration();
  }

  /** Registers the calling thread, if nobody has. @returns 0, or what the kernel says */
  *register(t: Thread): Operation<number> {
    const references = referencesOf(t);
    if ((yield* t.load(references)) > 0) {
      yield* t.fetchAdd(references, 1);
      return 0;
    }
    return yield* withoutSignals(t, function* () {
      const count = yield* t.load(references);
      if (count === 0) {
        if ((yield* t.load(areaOf(t) + RseqOffset.cpuId)) >= 0) return 0;
        const error = yield* rseqCall(t, 0);
        if (error < 0) {
          yield* t.store(areaOf(t) + RseqOffset.cpuId, RSEQ_CPU_ID_REGISTRATION_FAILED);
          return error;
        }
      }
      yield* t.store(references, count + 1);
      return 0;
    });
  }

  /**
   * Gives up what {@link register} gave; sections may not be used any more by who calls.
   *
   * @returns 0; -EINVAL when the thread was not registered
   */
  *unregister(t: Thread): Operation<number> {
    const references = referencesOf(t);
    return yield* withoutSignals(t, function* () {
      const count = yield* t.load(references);
      if (count === 0) {
        const isRegistered = (yield* t.load(areaOf(t) + RseqOffset.cpuId)) >= 0;
        return isRegistered ? 0 : -Errno.EINVAL;
      }
      if (count === 1) {
        const error = yield* rseqCall(t, RSEQ_FLAG_UNREGISTER);
        if (error < 0) return error;
        // The kernel leaves 0 there, which sections would take for an id.
        yield* t.store(areaOf(t) + RseqOffset.mmCid, RSEQ_CPU_ID_UNINITIALIZED);
      }
      yield* t.store(references, count - 1);
      return 0;
    });
  }

  /** Whether the calling thread has rseq, whoever registered it. */
  *isRegistered(t: Thread): Operation<boolean> {
    return (yield* t.load(areaOf(t) + RseqOffset.cpuId)) >= 0;
  }
}

function areaOf(t: Thread): number {
  return t.threadPointer + RSEQ_OFFSET;
}

function referencesOf(t: Thread): number {
  return t.threadPointer + RSEQ_REFERENCES_OFFSET;
}

function rseqCall(t: Thread, flags: number): Operation<number> {
  return t.syscall(SyscallNumber.rseq, areaOf(t), RSEQ_ORIGINAL_SIZE, flags, RSEQ_SIGNATURE);
}

function* withoutSignals<Result>(t: Thread, body: () => Operation<Result>): Operation<Result> {
  const all = signalSet(...Array.from({ length: 64 }, (_, n) => n + 1));
  const before = yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, all);
  const result = yield* body();
  if (typeof before !== 'number') yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, before);
  return result;
}
