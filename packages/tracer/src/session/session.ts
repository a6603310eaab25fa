import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { metadataText } from '@rseqlab/trace-format';
import type { TraceClass } from '@rseqlab/trace-format';
import { RcuDomain } from '@rseqlab/urcu';
import { CpuConsumer } from '../consumer/cpu-consumer.js';
import type { TraceClock } from '../consumer/trace-clock.js';
import { streamName } from '../consumer/trace-sink.js';
import type { TraceSink } from '../consumer/trace-sink.js';
import type { EventDefinition, EventFields } from '../events/event-definition.js';
import { compileFilter } from '../filter/compile-filter.js';
import { Channel } from './channel.js';
import type { ChannelOptions } from './channel-options.js';
import { describeTrace } from './describe-trace.js';
import { compileRule } from './recording-rule.js';
import type { RecordingRule } from './recording-rule.js';
import { channelStatistics, sum } from './session-statistics.js';
import type { SessionStatistics } from './session-statistics.js';
import { snapshotRings } from './snapshot-rings.js';
import { Tracepoint } from './tracepoint.js';
import type { Probe, ProbeOptions } from './tracepoint.js';

/** What a session is made with; everything has a default. */
export interface SessionOptions {
  /** Default `session`. */
  readonly name?: string;
  /** Default that of a machine without cost parameters. */
  readonly clock?: TraceClock;
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
export class Session {
  readonly name: string;
  readonly #machine: Machine;
  readonly #process: Process;
  readonly #clock: TraceClock;
  readonly #rcu: RcuDomain;
  readonly #channels: Channel[] = [];
  readonly #tracepoints: Tracepoint<EventFields>[] = [];
  readonly #stopped: number;

  private constructor(machine: Machine, process: Process, options: SessionOptions) {
    const { name = 'session', clock = { frequencyMhz: 1000 } } = options;
    this.name = name;
    this.#machine = machine;
    this.#process = process;
    this.#clock = clock;
    this.#rcu = RcuDomain.create(machine, process);
    this.#stopped = process.allocate(4);
  }

  /** Makes a session for the threads of one process; before they start. */
  static create(machine: Machine, process: Process, options: SessionOptions = {}): Session {
    return new Session(machine, process, options);
  }

  /**
   * Makes a channel; before the threads start.
   *
   * @throws TracerError `ERR_CHANNEL` for a name or a size that cannot be
   */
  channel(name: string, options: ChannelOptions = {}): Channel {
    const channel = new Channel(this.#machine, this.#process, name, this.#channels.length, options);
    this.#channels.push(channel);
    return channel;
  }

  /** Makes a tracepoint, which is disabled; before the threads start. */
  tracepoint<Fields extends EventFields>(event: EventDefinition<Fields>): Tracepoint<Fields> {
    const tracepoint = new Tracepoint(event, this.#process.allocate(4), this.#rcu);
    this.#tracepoints.push(tracepoint);
    return tracepoint;
  }

  /**
   * Has a tracepoint record in a channel from the start.
   *
   * @returns what {@link disableProbe} and {@link enableProbe} take
   * @throws TracerError `ERR_EVENT` when the channel has another event of the name; `ERR_FILTER` for a filter
   *   that cannot be one of the event
   */
  enable<Fields extends EventFields>(
    tracepoint: Tracepoint<Fields>,
    channel: Channel,
    options: ProbeOptions = {},
  ): Probe {
    const probe = tracepoint.addProbe(channel, this.#process.allocate(4), options);
    const { state, bit } = probe;
    this.#process.write32(state, this.#process.read32(state) | bit);
    return probe;
  }

  /**
   * Has every tracepoint that there is and that a rule is about record in a channel.
   *
   * @returns how many those are
   * @throws TracerError `ERR_RULE` for a rule that cannot be, `ERR_EVENT` and `ERR_FILTER` as {@link enable};
   *   nothing is enabled then
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
    const probes = this.#tracepoints.flatMap((tracepoint) => tracepoint.probes);
    const channels = this.#channels.map((channel) =>
      channelStatistics(channel, probes, this.#process),
    );
    const emitted = channels.map((channel) => channel.emitted);
    return {
      name: this.name,
      isActive: this.#process.read32(this.#stopped) === 0,
      recorded: sum(channels.map((channel) => channel.recorded)),
      discarded: sum(channels.map((channel) => channel.discarded)),
      emitted: emitted.includes(undefined) ? undefined : sum(emitted as number[]),
      lostPackets: sum(channels.map((channel) => channel.lostPackets)),
      channels,
    };
  }

  /** Has a probe record from now on, while others emit. */
  *enableProbe(t: Thread, { state, bit }: Probe): Operation<void> {
    yield* t.fetchOr(state, bit);
  }

  /** Has a probe record no more: when this returns, whoever was about to has done so. */
  *disableProbe(t: Thread, { state, bit }: Probe): Operation<void> {
    yield* t.fetchAnd(state, ~bit);
    yield* this.#rcu.synchronize(t);
  }

  /**
   * Writes what the channels that overwrite hold as a trace of its own: a flight recorder. Recording goes on
   * meanwhile, and nothing is consumed.
   */
  *snapshot(t: Thread, sink: TraceSink): Operation<void> {
    const trace = this.#trace();
    sink.metadata(metadataText(trace));
    for (const channel of this.#channels) {
      if (!channel.overwrites) continue;
      const maker = channel.packetMaker(trace);
      yield* snapshotRings(t, this.#machine, channel.buffers, this.#clock, (content) =>
        sink.packet(streamName(channel.name, content.cpu), maker.make(content)),
      );
    }
  }

  /**
   * Starts a thread on each CPU that consumes; what it reads goes to the sink. Channels that overwrite
   * are not consumed, see {@link snapshot}.
   */
  spawnConsumers(sink: TraceSink, readTimerNs: number = READ_TIMER_NS): void {
    const trace = this.#trace();
    sink.metadata(metadataText(trace));
    const consumed = this.#channels.filter(({ overwrites }) => !overwrites);
    const channels = consumed.map((channel) => {
      const maker = channel.consumerMaker(trace);
      return { channel, maker };
    });
    for (const cpu of this.#machine.cpus.possible) {
      const consumer = new CpuConsumer({
        cpu,
        channels: channels.map(({ channel, maker }) => ({
          buffers: channel.buffers,
          deliver: (content) => sink.packet(streamName(channel.name, cpu), maker.make(content)),
        })),
        clock: this.#clock,
        stopped: this.#stopped,
        readTimerNs,
      });
      this.#process.spawn((t) => consumer.run(t), { name: `consumer/${cpu}`, cpu });
    }
  }

  /**
   * Stops recording: no event is recorded that is emitted after this returns, and the consumers end
   * once they have everything that was recorded before.
   */
  *stop(t: Thread): Operation<void> {
    for (const { state } of this.#tracepoints) yield* t.exchange(state, 0);
    yield* this.#rcu.synchronize(t);
    yield* t.storeRelease(this.#stopped, 1);
  }

  #trace(): TraceClass {
    const origin = { domain: 'ust', name: this.name, clock: this.#clock } as const;
    const streams = this.#channels.map((channel) => channel.streamClass());
    return describeTrace(origin, this.#machine.description, streams);
  }
}
