import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { EventFilter } from '../filter/compile-filter.js';
import type { Channel } from './channel.js';

/** What a tracepoint is enabled with. */
export interface ProbeOptions {
  /**
   * Which events are recorded: a condition on fields and contexts, as that of LTTng, such as
   * `id >= 10 && $ctx.procname == "web*"`. It is evaluated before anything is reserved. Default all.
   *
   * @source lttng-event-rule(7)
   */
  readonly filter?: string;
}

/** A tracepoint, for who controls its probes. */
export interface ProbedTracepoint {
  /** See `Tracepoint.want`. @internal */
  want(t: Thread, probe: Probe, isActive: boolean): Operation<void>;
  /** See `Tracepoint.unwant`. @internal */
  unwant(t: Thread, probe: Probe): Operation<void>;
  /** See `Tracepoint.lostBy`. @internal */
  lostBy(probe: Probe): number;
  /** See `Tracepoint.hasEnabled`. @internal */
  hasEnabled(probe: Probe, process: Process): boolean;
}

/** What a tracepoint does when it is enabled: it records in a channel. */
export interface Probe {
  readonly channel: Channel;
  /** Number of the event in the channel. */
  readonly eventId: number;
  readonly tracepoint: ProbedTracepoint;
  /** Its bit in the words of the tracepoint. */
  readonly bit: number;
  /** Which events it records; all without one. */
  readonly filter: EventFilter | undefined;
  /** Bits of the probes before it that record in the same channel: an event is there once. */
  readonly sameChannel: number;
}
