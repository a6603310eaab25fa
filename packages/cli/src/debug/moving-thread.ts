import { DecisionKind, encodeDecision } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import { CommandError } from '../command-error.js';
import type { DebugSession } from './debug-session.js';

/** Refuses to go on when every thread has ended. */
export function expectUnfinished({ run }: DebugSession): void {
  if (run.outcome === 'finished')
    throw new CommandError(
      'expected a run that goes on, got one in which every thread has ended (reverse-step goes back, restart starts over)',
    );
}

/**
 * The decision by which a thread executes its next instruction.
 *
 * @throws CommandError when it is on no CPU
 */
export function stepOf(session: DebugSession, thread: number): Decision {
  expectUnfinished(session);
  const { machine, threads } = session.run;
  const cpu = machine.threads.cpu[thread]!;
  const current = machine.cpus.current[cpu]!;
  if (current === thread) return encodeDecision(DecisionKind.Step, cpu, 1);
  const state = threads.find((place) => place.thread === thread)?.state ?? 'ended';
  const why =
    state === 'ready'
      ? `which is ready on CPU ${cpu} behind T${current} (preempt T${thread} gives it the CPU)`
      : state === 'ended'
        ? 'which has ended (thread T1 selects another)'
        : 'which is asleep (events lists what can wake it, continue lets the others go on)';
  throw new CommandError(`expected a thread that is on a CPU, got T${thread}, ${why}`);
}

/** Whether a thread is on a CPU, so that it can execute its next instruction. */
export function isOnCpu({ run }: DebugSession, thread: number): boolean {
  const { threads, cpus } = run.machine;
  return cpus.current[threads.cpu[thread]!] === thread;
}

/** Whether that would get it anywhere: it does not wait for a word to change. */
export function canProgress(session: DebugSession, thread: number): boolean {
  const { machine, point } = session.run;
  return isOnCpu(session, thread) && point.canProgress(machine.threads.cpu[thread]!);
}
