import { Errno } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { runCpuOpVector } from '../cpu-opv.js';
import { deriveFallback } from './derive-fallback.js';
import type { SectionCall } from './derive-fallback.js';
import type { NoFallback } from './no-fallback.js';

/** What came of a call that cpu_opv did. */
export type DerivedRun =
  /** What the routine would have returned. */
  | { readonly result: number; readonly observed: ReadonlyMap<number, number> }
  /**
   * What cpu_opv returned; -EAGAIN as well where the thread was not on the CPU, as it has to be by
   * `mm_cid`. Nothing was done.
   */
  | { readonly error: number }
  | { readonly noFallback: NoFallback };

/**
 * Does a call of a routine by cpu_opv. Pointers that its section follows are loaded from user space
 * first, and compared in the vector: where they have changed meanwhile, by somebody who got on, it
 * is tried anew. A pointer that is found again where no memory is, is -EFAULT.
 *
 * @param scratch where the vector and its constants are put together
 * @source selftests, rseq/cpu-op.c (cpu_op_cmpnev_storeoffp_load)
 */
export function* runDerived(t: Thread, call: SectionCall, scratch: number): Operation<DerivedRun> {
  const observed = new Map<number, number>();
  let refused: ReadonlyMap<number, number> | undefined;
  for (;;) {
    const derived = deriveFallback({ ...call, observed });
    if ('noFallback' in derived) {
      const { noFallback } = derived;
      const { wants } = noFallback;
      if (wants === undefined || observed.has(wants)) return { noFallback };
      observed.set(wants, yield* t.load(wants));
      continue;
    }
    const { vector, outcomes, changed, moved } = derived.fallback;
    const done = yield* runCpuOpVector(t, scratch, vector, call.cpu);
    if (done === -Errno.EAGAIN) {
      if (refused !== undefined && isSame(refused, observed)) return { error: -Errno.EFAULT };
      refused = new Map(observed);
    } else if (done < 0) return { error: done };
    else if (done > 0 && done === moved) return { error: -Errno.EAGAIN };
    else if (!changed.has(done)) return { result: outcomes.get(done)!, observed };
    observed.clear();
  }
}

function isSame(one: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): boolean {
  return one.size === other.size && [...one].every(([at, value]) => other.get(at) === value);
}
