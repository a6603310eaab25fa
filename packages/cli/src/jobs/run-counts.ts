import type { Scenario } from '@rseqlab/explorer';
import type { Machine, RunResult } from '@rseqlab/sim-machine';

/** How often things happened in a run. */
export interface EventCounts {
  /** Threads put on a CPU. */
  switches: number;
  migrations: number;
  /** Critical sections that the kernel aborted. */
  aborts: number;
  wakeups: number;
  syscalls: number;
  signals: number;
  /** Page faults of all kinds. */
  faults: number;
}

/** Work and time of one CPU. */
export interface CpuCounts {
  readonly cpu: number;
  /** Instructions. */
  readonly steps: number;
  readonly cycles: number;
}

/** Counts and simulated times of a run. */
export interface RunCounts {
  /** Instructions on all CPUs. */
  readonly steps: number;
  readonly decisions: number;
  /** Simulated time: cycles of the CPU that is furthest ahead. */
  readonly cycles: number;
  /** The same in nanoseconds: a cycle is one, unless the machine has cost parameters. */
  readonly nanoseconds: number;
  readonly cpus: readonly CpuCounts[];
  readonly events: Readonly<EventCounts>;
}

/** Counts what a machine does from now on. */
export function countEvents(machine: Machine): EventCounts {
  const counts: EventCounts = {
    switches: 0,
    migrations: 0,
    aborts: 0,
    wakeups: 0,
    syscalls: 0,
    signals: 0,
    faults: 0,
  };
  const { events } = machine;
  events.on('switch', ({ next }) => {
    if (next >= 0) counts.switches += 1;
  });
  events.on('migration', () => (counts.migrations += 1));
  events.on('abort', () => (counts.aborts += 1));
  events.on('wakeup', ({ created }) => {
    if (!created) counts.wakeups += 1;
  });
  events.on('syscall', () => (counts.syscalls += 1));
  events.on('signal', ({ action }) => {
    if (action !== 'sent') counts.signals += 1;
  });
  events.on('fault', () => (counts.faults += 1));
  return counts;
}

/** The counts of a run that has ended. */
export function runCounts(
  machine: Machine,
  { machine: config }: Scenario,
  { steps, decisions, cycles }: RunResult,
  events: EventCounts,
): RunCounts {
  const { cpus } = machine;
  const cost = config?.cost;
  const nsPerCycle = cost === undefined || cost === false ? 1 : 1000 / cost.frequencyMhz;
  return {
    steps,
    decisions,
    cycles,
    nanoseconds: cycles * nsPerCycle,
    cpus: cpus.possible.map((cpu) => ({ cpu, steps: cpus.steps[cpu]!, cycles: cpus.cycles[cpu]! })),
    events,
  };
}
