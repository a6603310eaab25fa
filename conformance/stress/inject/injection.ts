import { DecisionKind, SignalNumber } from '@rseqlab/sim-machine';

/**
 * What can be done to a thread in a section.
 *
 * `loop`: its CPU stands still for a while, as if it were in a delay loop. `yield`: another thread of
 * the CPU runs. `sleep`: it sleeps until a page is back. `migrate`: it goes on elsewhere. `signal`: a
 * handler runs. `kill`: its process is killed, if that is the victim.
 */
export const INJECTIONS = ['loop', 'yield', 'sleep', 'migrate', 'signal', 'kill'] as const;

/** One of {@link INJECTIONS}. */
export type Injection = (typeof INJECTIONS)[number];

/** The decision that carries an injection out, where it is one. */
export const DECISION_OF: Readonly<Record<Injection, DecisionKind | undefined>> = {
  loop: undefined,
  yield: DecisionKind.Preempt,
  sleep: DecisionKind.PageOut,
  migrate: DecisionKind.Migrate,
  signal: DecisionKind.Signal,
  kill: DecisionKind.Kill,
};

/** The signal that is injected. */
export const INJECTED_SIGNAL: number = SignalNumber.SIGUSR1;

/** The process that may be killed. */
export const VICTIM = 'victim';
