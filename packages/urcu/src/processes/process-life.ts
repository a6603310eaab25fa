import { Errno, kill } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';

/**
 * Whether no process has a pid.
 *
 * A process that has ended and that its parent has not waited for has its pid still, and counts as
 * alive; so does one that was given the pid of a dead one. Both are errors on the safe side: a grace
 * period waits too long.
 *
 * @source kill(2), signal 0
 */
export function* isDead(t: Thread, pid: number): Operation<boolean> {
  return (yield* kill(t, pid, 0)) === -Errno.ESRCH;
}
