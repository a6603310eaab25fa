import {
  SignalNumber,
  fork,
  ptraceSingleStep,
  ptraceTraceMe,
  raise,
  waitpid,
} from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';

/**
 * Runs `body` in a child that is single-stepped to its end.
 *
 * @returns what became of it, or undefined after `limit` steps
 */
export function* stepped(
  t: Thread,
  body: (t: Thread) => Operation<unknown>,
  limit = 5000,
): Operation<unknown> {
  const child = yield* fork(t, function* tracee(c) {
    yield* ptraceTraceMe(c);
    yield* raise(c, SignalNumber.SIGSTOP);
    yield* body(c);
  });
  for (let steps = 0; steps < limit; steps++) {
    const { status } = yield* waitpid(t, child);
    if (status?.kind !== 'stopped') return status;
    yield* ptraceSingleStep(t, child);
  }
  return undefined;
}
