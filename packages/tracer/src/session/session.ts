import { digest } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { PACKET_HEADER, metadataText } from '@rseqlab/trace-format';
import type { StreamClass, TraceClass } from '@rseqlab/trace-format';
import { RcuDomain } from '@rseqlab/urcu';
import { CpuConsumer } from '../consumer/cpu-consumer.js';
import { CLOCK_NAME, clockClass } from '../consumer/trace-clock.js';
import type { TraceClock } from '../consumer/trace-clock.js';
import type { TraceSink } from '../consumer/trace-sink.js';
import type { EventDefinition, EventFields } from '../events/event-definition.js';
import { Channel } from './channel.js';
import type { ChannelOptions } from './channel-options.js';
import { Tracepoint } from './tracepoint.js';

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
   * @throws TracerError `ERR_EVENT` when the channel has another event of the name
   */
  enable<Fields extends EventFields>(tracepoint: Tracepoint<Fields>, channel: Channel): void {
    const eventId = channel.add(tracepoint.event);
    const bit = tracepoint.addProbe({ channel, eventId });
    const { state } = tracepoint;
    this.#process.write32(state, this.#process.read32(state) | bit);
  }

  /** Starts a thread on each CPU that consumes; what it reads goes to the sink. */
  spawnConsumers(sink: TraceSink, readTimerNs: number = READ_TIMER_NS): void {
    const trace = this.#trace();
    sink.metadata(metadataText(trace));
    const channels = this.#channels.map((channel) => {
      const maker = channel.packetMaker(trace);
      return { channel, maker };
    });
    for (const cpu of this.#machine.cpus.possible) {
      const consumer = new CpuConsumer({
        cpu,
        channels: channels.map(({ channel, maker }) => ({
          buffers: channel.buffers,
          deliver: (content) => sink.packet(`${channel.name}_${cpu}`, maker.make(content)),
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
    return {
      major: 1,
      minor: 8,
      uuid: uuidOf(`${this.name} ${this.#machine.description}`),
      byteOrder: 'le',
      packetHeader: PACKET_HEADER,
      environment: new Map([
        ['domain', 'ust'],
        ['tracer_name', 'rseqlab'],
        ['session_name', this.name],
        ['hostname', 'machine'],
      ]),
      clocks: new Map([[CLOCK_NAME, clockClass(this.#clock)]]),
      streams: new Map(
        this.#channels
          .map((channel) => channel.streamClass())
          .map((stream): [bigint, StreamClass] => [stream.id, stream]),
      ),
    };
  }
}

/** A uuid that is the same for the same text. */
function uuidOf(text: string): string {
  const characters = digest(`1 ${text}`) + digest(`2 ${text}`);
  const hex = Array.from(characters, (each) =>
    each.charCodeAt(0).toString(16).padStart(2, '0'),
  ).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
