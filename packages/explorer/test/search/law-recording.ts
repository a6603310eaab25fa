import type { Machine, MachineEventName, RunResult } from '@rseqlab/sim-machine';
import { FIRST_WORD, WORDS } from './law-workloads.js';
import type { LawWorkload } from './law-workloads.js';

/** One run as an observer sees it. */
export interface Recording {
  readonly result: RunResult;
  readonly events: readonly string[];
  readonly decisions: Uint32Array;
  readonly memory: readonly number[];
  readonly fingerprint: string;
}

/** Decisions of one run: directors that inject events without end are stopped. */
export const LIMIT = 400;

/** The name of every event; the type makes sure that none is missing. */
const EVENT_NAMES: Readonly<Record<MachineEventName, true>> = {
  switch: true,
  wakeup: true,
  migration: true,
  fault: true,
  signal: true,
  syscall: true,
  syscallExit: true,
  abort: true,
  cpuNumber: true,
  slice: true,
  access: true,
  spawn: true,
  exit: true,
  hotplug: true,
  decision: true,
};

/** Notes every event of a machine from now on. */
export function listen(machine: Machine): string[] {
  const events: string[] = [];
  for (const name of Object.keys(EVENT_NAMES) as MachineEventName[])
    machine.events.on(name, (event) => {
      events.push(`${name} ${JSON.stringify(event)}`);
    });
  return events;
}

/** Sets a workload up; what it returns reads the workload's words. */
export function prepare(machine: Machine, { setup }: LawWorkload): () => number[] {
  const process = machine.createProcess('main');
  process.allocate(4 * WORDS);
  setup(machine, process);
  return () => Array.from({ length: WORDS }, (_, i) => process.read32(FIRST_WORD + 4 * i));
}

/** The fingerprint of a machine's present state. */
export function fingerprintOf(machine: Machine): string {
  const lanes = { low: 0, high: 0 };
  machine.fingerprint(lanes);
  return `${lanes.low},${lanes.high}`;
}

/** Runs a workload and notes all there is to see. */
export function record(machine: Machine, workload: LawWorkload): Recording {
  const events = listen(machine);
  const read = prepare(machine, workload);
  const result = machine.run({ decisions: LIMIT });
  machine.events.clear();
  return {
    result,
    events,
    decisions: machine.decisions,
    memory: read(),
    fingerprint: fingerprintOf(machine),
  };
}
