import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { SessionState } from '../consumer/consumer-control.js';
import type { ConsumerControl } from '../consumer/consumer-control.js';
import type { TraceClock } from '../consumer/trace-clock.js';
import type { TraceSink } from '../consumer/trace-sink.js';
import type { EventDefinition, EventFields } from '../events/event-definition.js';
import { compileFilter } from '../filter/compile-filter.js';
import { noteSession } from '../image/ring-images.js';
import { TracerError } from '../tracer-error.js';
import { Channel } from './channel.js';
import type { ChannelOptions } from './channel-options.js';
import { extractCrash } from './extract-crash.js';
import { compileRule } from './recording-rule.js';
import type { RecordingRule } from './recording-rule.js';
import { SessionConsumers } from './session-consumers.js';
import { SessionControl } from './session-control.js';
import type { SessionMember } from './session-member.js';
import type { BufferScheme } from './session-memory.js';
import { SessionOrders } from './session-orders.js';
import { SessionParts } from './session-parts.js';
import { SessionProcesses } from './session-processes.js';
import { sessionStatistics } from './session-statistics.js';
import type { SessionStatistics } from './session-statistics.js';
import { TRACEPOINT_BYTES, Tracepoint } from './tracepoint.js';
import type { Probe, ProbeOptions } from './probe.js';

/** What a session is made with; everything has a default. */
export interface SessionOptions {
  /** Default `session`. */
  readonly name?: string;
  /** Default that of a machine without cost parameters. */
  readonly clock?: TraceClock;
  /** Whether it records from the beginning, without {@link Session.start}; default true. */
  readonly isActive?: boolean;
  /**
   * Whose the ring buffers are. `private`, the default: of the session's process, which is all that is traced.
   * `per-uid`: all processes record in the same. `per-pid`: each has its own. The latter two are in shared
   * memory: see {@link Session.attach} and {@link Session.extractCrash}.
   */
  readonly buffers?: BufferScheme;
  /** Processes that can be traced at once, the session's own included; default 8. */
  readonly processes?: number;
}

/** Period of the consumers' timer. @source lttng-enable-channel(1), --read-timer of user space */
const READ_TIMER_NS = 200_000;

/**
 * A recording session: channels, the tracepoints that record in them, and the consumers that make a trace
 * of it.
 *
 * @example
 * ```ts
 * const session = Session.create(machine, process);
 * const channel = session.channel('main');
 * const request = session.tracepoint(defineEvent('shop:request', { fields: { id: u32() } }));
 * session.enable(request, channel);
 * session.spawnConsumers(sink);
 * process.spawn(function* (t) {
 *   yield* request.emit(t, { id: 1 });
 *   yield* session.stop(t);
 * });
 * ```
 */
export class Session extends SessionOrders {
  readonly name: string;
  readonly #parts: SessionParts;
  /** Not its control, which is the orders' own. */
  readonly #words: ConsumerControl;

  private constructor(parts: SessionParts, control: SessionControl) {
    super(control);
    this.name = parts.name;
    this.#parts = parts;
    this.#words = control.words;
  }

  /**
   * Makes a session for the threads of one process, or one from which others are traced; before they start.
   *
   * @param process what is traced; with shared buffers the one that consumes
   */
  static create(machine: Machine, process: Process, options: SessionOptions = {}): Session {
    const { name = 'session', clock = { frequencyMhz: 1000 }, buffers = 'private' } = options;
    const processes = new SessionProcesses(machine, process, buffers, options.processes);
    const parts = new SessionParts(machine, process, name, clock, processes);
    noteSession(parts);
    return new Session(parts, new SessionControl(parts, options.isActive ?? true));
  }

  /**
   * Makes a channel; before the threads start.
   *
   * @throws TracerError `ERR_CHANNEL` for a name, size, timer or file that cannot be, and once there are
   *   consumers
   */
  channel(name: string, options: ChannelOptions = {}): Channel {
    const { machine, process, processes, channels, consumers } = this.#parts;
    if (consumers !== undefined)
      throw new TracerError(
        'ERR_CHANNEL',
        `expected channels before consumers are spawned, got ${name} behind`,
      );
    const id = channels.length;
    const channel = new Channel(machine, process, name, id, options, processes.scheme);
    channels.push(channel);
    return channel;
  }

  /**
   * Makes a tracepoint, which is disabled; before the threads start.
   *
   * @throws TracerError `ERR_EVENT` when there are more than fit in shared memory
   */
  tracepoint<Fields extends EventFields>(event: EventDefinition<Fields>): Tracepoint<Fields> {
    const { processes, tracepoints } = this.#parts;
    const address = processes.memory.allocate(TRACEPOINT_BYTES);
    const tracepoint = new Tracepoint(event, address, processes.rcu, ({ buffers }) => buffers);
    tracepoints.push(tracepoint);
    return tracepoint;
  }

  /**
   * Has another process traced; before its threads start, and when all channels and tracepoints are there.
   *
   * @throws TracerError `ERR_PROCESS` when the buffers are private; `ERR_OUTPUT` when buffers of its own would
   *   come too late for the consumers
   */
  attach(process: Process): SessionMember {
    const { processes, consumers, channels, tracepoints } = this.#parts;
    if (processes.scheme === 'per-pid' && consumers !== undefined)
      throw new TracerError(
        'ERR_OUTPUT',
        `expected processes before consumers are spawned, got ${process.name} behind`,
      );
    return processes.attach(process, channels, tracepoints);
  }

  /**
   * Has the session's process counted among those that record in shared buffers, if it emits itself; what controls
   * the session does so, too.
   */
  join(t: Thread): Operation<void> {
    return this.#parts.processes.membership.join(t);
  }

  /**
   * Has a tracepoint record in a channel from the start.
   *
   * @returns what {@link disableProbe} and {@link enableProbe} take
   * @throws TracerError `ERR_EVENT` when the channel has another event of the name, or consumers that do not
   *   know the event; `ERR_FILTER` for a filter that cannot be one of the event
   */
  enable<Fields extends EventFields>(
    tracepoint: Tracepoint<Fields>,
    channel: Channel,
    options: ProbeOptions = {},
  ): Probe {
    const { event } = tracepoint;
    if (channel.consumed !== undefined && !channel.has(event))
      throw new TracerError(
        'ERR_EVENT',
        `expected events of ${channel.name} before consumers are spawned, got ${event.name} behind`,
      );
    const probe = tracepoint.addProbe(channel, options);
    tracepoint.enable(probe, this.#parts.process, this.#words.state === SessionState.active);
    return probe;
  }

  /**
   * Has every tracepoint that there is and that a rule is about record in a channel.
   *
   * @returns how many those are
   * @throws TracerError `ERR_RULE` for a rule that cannot be, `ERR_EVENT` and `ERR_FILTER` as {@link enable};
   *   for a filter nothing is enabled then
   */
  record(rule: RecordingRule, channel: Channel): number {
    const isMeant = compileRule(rule);
    const { filter } = rule;
    const meant = this.#parts.tracepoints.filter(({ event }) => isMeant(event));
    if (filter !== undefined) for (const { event } of meant) compileFilter(filter, event);
    for (const tracepoint of meant)
      this.enable(tracepoint, channel, filter === undefined ? {} : { filter });
    return meant.length;
  }

  /**
   * What became of the events so far. Exact while no thread is in the middle of an `emit`: what is reserved
   * and not committed is counted nowhere.
   */
  statistics(): SessionStatistics {
    const { channels, tracepoints, process } = this.#parts;
    const isActive = this.#words.state === SessionState.active;
    const probes = tracepoints.flatMap((tracepoint) => tracepoint.probes);
    return sessionStatistics(this.name, isActive, channels, probes, process);
  }

  /**
   * Writes what lies in shared buffers and was not consumed as a trace of its own, without a step of the machine: when
   * all processes are dead, or hang. Records that are not whole are left out, and counted as discarded.
   *
   * @throws TracerError `ERR_PROCESS` for private buffers, which are gone with their process
   */
  extractCrash(sink: TraceSink): void {
    extractCrash(this.#parts, sink);
  }

  /**
   * Starts a thread on each CPU that consumes, now or when the session starts; what it reads goes to the sink.
   * Channels that overwrite are not consumed, see {@link snapshot}.
   *
   * @param readTimerNs how often they look for full sub-buffers, where the channel does not say; Infinity for
   *   not before an order
   * @throws TracerError `ERR_OUTPUT` for a second time, and for a sink without `discard` that a ring of files
   *   needs
   */
  spawnConsumers(sink: TraceSink, readTimerNs: number = READ_TIMER_NS): void {
    const parts = this.#parts;
    if (parts.consumers !== undefined)
      throw new TracerError('ERR_OUTPUT', `expected consumers once, got ${this.name} with them`);
    const { machine, process, clock, channels } = parts;
    const control = this.#words;
    const trace = parts.trace();
    parts.consumers = new SessionConsumers(
      { machine, process, clock, control, channels, trace, readTimerNs },
      sink,
    );
    if (control.state === SessionState.active) parts.consumers.spawn();
  }
}
