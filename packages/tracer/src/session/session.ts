import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { TraceClass } from '@rseqlab/trace-format';
import { RcuDomain, SharedRcuDomain } from '@rseqlab/urcu';
import type { RcuFlavour } from '@rseqlab/urcu';
import { SessionState } from '../consumer/consumer-control.js';
import type { TraceClock } from '../consumer/trace-clock.js';
import type { TraceSink } from '../consumer/trace-sink.js';
import type { EventDefinition, EventFields } from '../events/event-definition.js';
import { compileFilter } from '../filter/compile-filter.js';
import { TracerError } from '../tracer-error.js';
import { Channel } from './channel.js';
import type { ChannelOptions } from './channel-options.js';
import { describeTrace } from './describe-trace.js';
import { compileRule } from './recording-rule.js';
import type { RecordingRule } from './recording-rule.js';
import { SessionConsumers } from './session-consumers.js';
import { SessionControl } from './session-control.js';
import { PRIVATE_MEMBERSHIP, SessionMember, SharedMembership } from './session-member.js';
import type { Membership } from './session-member.js';
import { PrivateSessionMemory, SharedSessionMemory } from './session-memory.js';
import type { BufferScheme, SessionMemory } from './session-memory.js';
import { sessionStatistics } from './session-statistics.js';
import type { SessionStatistics } from './session-statistics.js';
import { TRACEPOINT_BYTES, Tracepoint } from './tracepoint.js';
import type { Probe, ProbeOptions } from './tracepoint.js';

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
   * memory: see {@link Session.attach} and {@link extractCrash}.
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
 * What controls it (`start`, `stop`, `clear`, `rotate`, `snapshot`, `destroy`, `enableProbe`, `disableProbe`) may come from
 * any thread of its process, outside of signal handlers; one waits for the other.
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
export class Session {
  readonly name: string;
  readonly #machine: Machine;
  readonly #process: Process;
  readonly #clock: TraceClock;
  readonly #scheme: BufferScheme;
  readonly #processes: number | undefined;
  readonly #memory: SessionMemory;
  readonly #rcu: RcuFlavour;
  readonly #membership: Membership;
  readonly #domainMemory: ReturnType<Machine['createSharedMemory']> | undefined;
  readonly #channels: Channel[] = [];
  readonly #tracepoints: Tracepoint<EventFields>[] = [];
  readonly #control: SessionControl;
  #consumers: SessionConsumers | undefined;

  private constructor(machine: Machine, process: Process, options: SessionOptions) {
    const { name = 'session', clock = { frequencyMhz: 1000 }, buffers = 'private' } = options;
    this.name = name;
    this.#machine = machine;
    this.#process = process;
    this.#clock = clock;
    this.#scheme = buffers;
    this.#processes = options.processes;
    if (buffers === 'private') {
      this.#memory = new PrivateSessionMemory(process);
      this.#rcu = RcuDomain.create(machine, process);
      this.#membership = PRIVATE_MEMBERSHIP;
    } else {
      const bytes = SharedRcuDomain.sizeBytes(machine, options.processes);
      this.#memory = new SharedSessionMemory(machine, process);
      this.#domainMemory = machine.createSharedMemory(bytes);
      const rcu = this.#domainOf(process);
      this.#rcu = rcu;
      this.#membership = new SharedMembership(process, rcu);
    }
    this.#control = new SessionControl(
      {
        name,
        machine,
        process,
        clock,
        rcu: this.#rcu,
        membership: this.#membership,
        channels: this.#channels,
        tracepoints: this.#tracepoints,
        consumers: () => this.#consumers,
        trace: () => this.#trace(),
      },
      options.isActive ?? true,
    );
  }

  /**
   * Makes a session for the threads of one process, or one from which others are traced; before they start.
   *
   * @param process what is traced; with shared buffers the one that consumes
   */
  static create(machine: Machine, process: Process, options: SessionOptions = {}): Session {
    return new Session(machine, process, options);
  }

  /**
   * Makes a channel; before the threads start.
   *
   * @throws TracerError `ERR_CHANNEL` for a name, size, timer or file that cannot be, and once there are
   *   consumers
   */
  channel(name: string, options: ChannelOptions = {}): Channel {
    if (this.#consumers !== undefined)
      throw new TracerError(
        'ERR_CHANNEL',
        `expected channels before consumers are spawned, got ${name} behind`,
      );
    const id = this.#channels.length;
    const channel = new Channel(this.#machine, this.#process, name, id, options, this.#scheme);
    this.#channels.push(channel);
    return channel;
  }

  /**
   * Makes a tracepoint, which is disabled; before the threads start.
   *
   * @throws TracerError `ERR_EVENT` when there are more than fit in shared memory
   */
  tracepoint<Fields extends EventFields>(event: EventDefinition<Fields>): Tracepoint<Fields> {
    const address = this.#memory.allocate(TRACEPOINT_BYTES);
    const tracepoint = new Tracepoint(event, address, this.#rcu, (channel) => channel.buffers);
    this.#tracepoints.push(tracepoint);
    return tracepoint;
  }

  /**
   * Has another process traced; before its threads start, and when all channels and tracepoints are there.
   *
   * @throws TracerError `ERR_PROCESS` when the buffers are private; `ERR_OUTPUT` when buffers of its own would
   *   come too late for the consumers
   */
  attach(process: Process): SessionMember {
    if (this.#scheme === 'per-pid' && this.#consumers !== undefined)
      throw new TracerError(
        'ERR_OUTPUT',
        `expected processes before consumers are spawned, got ${process.name} behind`,
      );
    const memory = this.#memory;
    // Maps the session's words, or says that there are none to share.
    memory.addressIn(process, 0);
    const rcu = this.#domainOf(process);
    const membership = new SharedMembership(process, rcu);
    const tracepoints = this.#tracepoints;
    const member = new SessionMember({ process, memory, rcu, membership, tracepoints });
    member.attachTo(this.#channels);
    return member;
  }

  /**
   * Has the session's process counted among those that record in shared buffers, if it emits itself; what controls
   * the session does so, too.
   */
  join(t: Thread): Operation<void> {
    return this.#membership.join(t);
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
    tracepoint.enable(probe, this.#process, this.#control.words.state === SessionState.active);
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
    const meant = this.#tracepoints.filter(({ event }) => isMeant(event));
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
    const isActive = this.#control.words.state === SessionState.active;
    const probes = this.#tracepoints.flatMap((tracepoint) => tracepoint.probes);
    return sessionStatistics(this.name, isActive, this.#channels, probes, this.#process);
  }

  /**
   * Starts a thread on each CPU that consumes, now or when the session starts; what it reads goes to the sink.
   * Channels that overwrite are not consumed, see {@link snapshot}.
   *
   * @param readTimerNs how often they look for full sub-buffers, where the channel does not say
   * @throws TracerError `ERR_OUTPUT` for a second time, and for a sink without `discard` that a ring of files
   *   needs
   */
  spawnConsumers(sink: TraceSink, readTimerNs: number = READ_TIMER_NS): void {
    if (this.#consumers !== undefined)
      throw new TracerError('ERR_OUTPUT', `expected consumers once, got ${this.name} with them`);
    this.#consumers = new SessionConsumers(
      {
        machine: this.#machine,
        process: this.#process,
        clock: this.#clock,
        control: this.#control.words,
        channels: this.#channels,
        trace: this.#trace(),
        readTimerNs,
      },
      sink,
    );
    if (this.#control.words.state === SessionState.active) this.#consumers.spawn();
  }

  /**
   * Starts recording, again or for the first time.
   *
   * @returns 0, or a negative errno when the machine has no room for the consumers' threads: nothing is recorded
   * @throws TracerError `ERR_ACTIVE` when it records; `ERR_DESTROYED`
   */
  start(t: Thread): Operation<number> {
    return this.#control.start(t);
  }

  /**
   * Stops recording: no event is recorded that is emitted after this returns, and the consumers end
   * once they have everything that was recorded before.
   *
   * @throws TracerError `ERR_INACTIVE` when it does not record; `ERR_DESTROYED`
   */
  stop(t: Thread): Operation<void> {
    return this.#control.stop(t);
  }

  /**
   * Begins another chunk of the trace: everything that was recorded before is in the sink so far when this
   * returns, which is a whole trace and gets nothing more; what comes later goes to another sink.
   *
   * @throws TracerError `ERR_OUTPUT` without consumers, and as {@link spawnConsumers}; `ERR_DESTROYED`
   */
  rotate(t: Thread, sink: TraceSink): Operation<void> {
    return this.#control.rotate(t, sink);
  }

  /**
   * Drops everything that was recorded before: in the rings, and in the sink since the last rotation. Numbers of packets
   * and losses count on.
   *
   * @throws TracerError `ERR_OUTPUT` for a sink without `discard`; `ERR_DESTROYED`
   */
  clear(t: Thread): Operation<void> {
    return this.#control.clear(t);
  }

  /**
   * Writes what the channels that overwrite hold as a trace of its own: a flight recorder. Recording goes on
   * meanwhile, and nothing is consumed.
   *
   * @throws TracerError `ERR_DESTROYED`
   */
  snapshot(t: Thread, sink: TraceSink): Operation<void> {
    return this.#control.snapshot(t, sink);
  }

  /**
   * Stops if it has to, and returns when the consumers have ended; the session is of no use then.
   *
   * @throws TracerError `ERR_DESTROYED` for a second time
   */
  destroy(t: Thread): Operation<void> {
    return this.#control.destroy(t);
  }

  /** Has a probe record from now on, while others emit. @throws TracerError `ERR_DESTROYED` */
  enableProbe(t: Thread, probe: Probe): Operation<void> {
    return this.#control.enableProbe(t, probe);
  }

  /**
   * Has a probe record no more: when this returns, whoever was about to has done so.
   *
   * @throws TracerError `ERR_DESTROYED`
   */
  disableProbe(t: Thread, probe: Probe): Operation<void> {
    return this.#control.disableProbe(t, probe);
  }

  #domainOf(process: Process): SharedRcuDomain {
    const processes = this.#processes;
    const options = processes === undefined ? {} : { processes };
    return SharedRcuDomain.attach(this.#machine, process, this.#domainMemory!, options);
  }

  #trace(): TraceClass {
    const origin = { domain: 'ust', name: this.name, clock: this.#clock } as const;
    const streams = this.#channels.map((channel) => channel.streamClass());
    return describeTrace(origin, this.#machine.description, streams);
  }
}
