import type { Machine, Process } from '@rseqlab/sim-machine';
import type { TraceClass } from '@rseqlab/trace-format';
import type { TraceClock } from '../consumer/trace-clock.js';
import type { EventFields } from '../events/event-definition.js';
import type { Channel } from './channel.js';
import { describeTrace } from './describe-trace.js';
import type { SessionConsumers } from './session-consumers.js';
import type { SessionProcesses } from './session-processes.js';
import type { Tracepoint } from './tracepoint.js';

/** What a session consists of. */
export class SessionParts {
  readonly machine: Machine;
  readonly process: Process;
  readonly name: string;
  readonly clock: TraceClock;
  readonly processes: SessionProcesses;
  readonly channels: Channel[] = [];
  readonly tracepoints: Tracepoint<EventFields>[] = [];
  /** Undefined until there are any. */
  consumers: SessionConsumers | undefined;

  constructor(
    machine: Machine,
    process: Process,
    name: string,
    clock: TraceClock,
    processes: SessionProcesses,
  ) {
    this.machine = machine;
    this.process = process;
    this.name = name;
    this.clock = clock;
    this.processes = processes;
  }

  /** How its trace describes itself, with the events that there are now. */
  trace(): TraceClass {
    const { name, clock } = this;
    const origin = { domain: 'ust', name, clock, place: this.processes.place } as const;
    const streams = this.channels.map((channel) => channel.streamClass());
    return describeTrace(origin, this.machine.description, streams);
  }
}
