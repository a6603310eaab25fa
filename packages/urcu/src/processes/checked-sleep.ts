import { FutexScope, futexWait, futexWaitFor } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';

/**
 * Sleeps on a word that processes share, but not longer than until it is time to look who is alive.
 *
 * @param checkNs that time, in ns; Infinity for processes that do not die
 * @returns as `futexWait`; -ETIMEDOUT when it is time
 */
export function checkedSleep(
  t: Thread,
  address: number,
  expected: number,
  checkNs: number,
): Operation<number> {
  return checkNs === Infinity
    ? futexWait(t, address, expected, FutexScope.Shared)
    : futexWaitFor(t, address, expected, checkNs, FutexScope.Shared);
}
