import { SignalMaskHow, signalSet, sigprocmask } from '@rseqlab/sim-machine';
import type { Operation, SignalSet, Thread } from '@rseqlab/sim-machine';

const EVERY_SIGNAL: SignalSet = { low: -1, high: -1 };

/** Blocks all signals for the calling thread; returns what was blocked before. */
export function* blockSignals(t: Thread): Operation<SignalSet> {
  const old = yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, EVERY_SIGNAL);
  return typeof old === 'number' ? signalSet() : old;
}

/** Takes {@link blockSignals} back. */
export function* restoreSignals(t: Thread, before: SignalSet): Operation<void> {
  yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, before);
}

/** Does something with all signals blocked: no handler runs in between. */
export function* withoutSignals(t: Thread, body: Operation<void>): Operation<void> {
  const before = yield* blockSignals(t);
  try {
    yield* body;
  } catch (error) {
    yield* restoreSignals(t, before);
    throw error;
  }
  yield* restoreSignals(t, before);
}
