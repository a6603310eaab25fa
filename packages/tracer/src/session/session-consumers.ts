import { pthreadCreate, pthreadJoin } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Pthread, Thread } from '@rseqlab/sim-machine';
import { metadataText } from '@rseqlab/trace-format';
import type { TraceClass } from '@rseqlab/trace-format';
import { ConsumedRing } from '../consumer/consumed-ring.js';
import { ConsumerCommand } from '../consumer/consumer-control.js';
import type { ConsumerControl } from '../consumer/consumer-control.js';
import { CpuConsumer } from '../consumer/cpu-consumer.js';
import type { SwitchedRing } from '../consumer/cpu-consumer.js';
import { StreamFiles } from '../consumer/stream-files.js';
import { streamName } from '../consumer/trace-sink.js';
import type { TraceClock } from '../consumer/trace-clock.js';
import type { TraceSink } from '../consumer/trace-sink.js';
import { TracerError } from '../tracer-error.js';
import type { Channel } from './channel.js';
import type { ChannelBuffers } from './channel-buffers.js';

/** What the consumers of a session are made of. */
export interface SessionConsumersParts {
  readonly machine: Machine;
  readonly process: Process;
  readonly clock: TraceClock;
  readonly control: ConsumerControl;
  readonly channels: readonly Channel[];
  readonly trace: TraceClass;
  /** Period of the read timer of channels that do not say. */
  readonly readTimerNs: number;
}

/** Rings of a channel that are consumed, and how their streams are called. */
interface ConsumedChannel extends ChannelBuffers {
  readonly channel: Channel;
}

/** The consumers of a session, one for each CPU, and the sink that they write to. */
export class SessionConsumers {
  readonly #parts: SessionConsumersParts;
  readonly #consumed: readonly ConsumedChannel[];
  readonly #consumers: readonly CpuConsumer[];
  /** Address of a word for each CPU: the memory of the thread that was started while threads ran. */
  readonly #blocks: number;
  #nextSink: TraceSink;

  /** @throws TracerError `ERR_OUTPUT` for a sink that cannot discard what a ring of files wants to have discarded */
  constructor(parts: SessionConsumersParts, sink: TraceSink) {
    this.#parts = parts;
    const { machine, process, clock, control, channels, trace } = parts;
    const consumed = channels.filter(({ overwrites }) => !overwrites);
    this.#consumed = consumed.flatMap((channel) =>
      channel.rings.sets.map((each) => ({ channel, ...each })),
    );
    this.#nextSink = sink;
    this.expectFit(sink);
    sink.metadata(metadataText(trace));
    this.#blocks = process.allocate(4 * machine.cpus.possible.length);
    const makers = new Map(consumed.map((channel) => [channel, channel.consumerMaker(trace)]));
    const switched = channels.flatMap(({ overwrites, rings, switchTimerNs }) =>
      overwrites ? rings.sets.map(({ buffers }): SwitchedRing => ({ buffers, switchTimerNs })) : [],
    );
    this.#consumers = machine.cpus.possible.map((cpu) => {
      const files = this.#filesOf(cpu, sink);
      const rings = this.#consumed.map(({ channel, buffers, instance }, n) => {
        const { readTimerNs = parts.readTimerNs, switchTimerNs } = channel;
        const maker = makers.get(channel)!;
        const ring = { buffers, maker, instance, readTimerNs, switchTimerNs };
        return new ConsumedRing(ring, cpu, clock, files[n]!);
      });
      const nextFiles = (): readonly StreamFiles[] => this.#filesOf(cpu, this.#nextSink);
      return new CpuConsumer({ cpu, rings, switched, control, nextFiles });
    });
  }

  /** Starts them before the threads of the machine run. */
  spawn(): void {
    const { process, machine, control } = this.#parts;
    control.expectFromOutside(this.#consumers.length);
    for (const [n, consumer] of this.#consumers.entries()) {
      const cpu = machine.cpus.possible[n]!;
      process.spawn((t) => consumer.run(t, 0), { name: `consumer/${cpu}`, cpu });
    }
  }

  /**
   * Starts them from a thread of their process; they have ended before.
   *
   * @returns 0, or a negative errno when there is no room for so many threads
   */
  *start(t: Thread): Operation<number> {
    const { control, machine } = this.#parts;
    const handled = yield* t.load(control.count);
    for (const [n, consumer] of this.#consumers.entries()) {
      const body = (own: Thread): Operation<void> => consumer.run(own, handled);
      Object.defineProperty(body, 'name', { value: `consumer/${machine.cpus.possible[n]!}` });
      yield* control.expect(t);
      const thread = yield* pthreadCreate(t, body);
      if (typeof thread === 'number') {
        yield* control.leave(t);
        return thread;
      }
      yield* t.store(this.#blocks + 4 * n, thread.block);
    }
    return 0;
  }

  /** Waits until all have ended, which they do once recording has stopped. */
  *join(t: Thread): Operation<void> {
    yield* this.#parts.control.join(t);
    for (let n = 0; n < this.#consumers.length; n++) {
      const block = yield* t.load(this.#blocks + 4 * n);
      if (block === 0) continue;
      const thread: Pthread = { tid: 0, block };
      yield* pthreadJoin(t, thread);
      yield* t.store(this.#blocks + 4 * n, 0);
    }
  }

  /**
   * Has everything that was recorded before in the sink so far, and what comes later in another.
   *
   * @param isActive whether they run
   */
  *rotate(t: Thread, sink: TraceSink, isActive: boolean): Operation<void> {
    sink.metadata(metadataText(this.#parts.trace));
    this.#nextSink = sink;
    if (isActive) {
      yield* this.#parts.control.give(t, ConsumerCommand.rotate, this.#consumers.length);
      return;
    }
    yield* this.join(t);
    for (const [n, consumer] of this.#consumers.entries()) {
      const files = this.#filesOf(this.#parts.machine.cpus.possible[n]!, sink);
      for (const [ring, file] of files.entries()) consumer.rings[ring]!.moveTo(file);
    }
  }

  /** Drops everything that was recorded before, in the rings and in the sink. @param isActive whether they run */
  *clear(t: Thread, isActive: boolean): Operation<void> {
    if (isActive) {
      yield* this.#parts.control.give(t, ConsumerCommand.clear, this.#consumers.length);
      return;
    }
    yield* this.join(t);
    for (const { rings } of this.#consumers) for (const ring of rings) ring.clearFiles();
  }

  /** Whether the sink can have what was written dropped. */
  get canDiscard(): boolean {
    return this.#nextSink.discard !== undefined;
  }

  /** @throws TracerError `ERR_OUTPUT` for a sink that cannot discard what a ring of files wants to have discarded */
  expectFit(sink: TraceSink): void {
    const wrapped = this.#consumed.find(({ channel }) => channel.fileLimits.traceFileCount > 0);
    if (wrapped !== undefined && sink.discard === undefined)
      throw new TracerError(
        'ERR_OUTPUT',
        `expected a sink with discard() for the ring of files of channel ${wrapped.channel.name}, got one without`,
      );
  }

  #filesOf(cpu: number, sink: TraceSink): StreamFiles[] {
    return this.#consumed.map(
      ({ channel, prefix }) =>
        new StreamFiles(sink, streamName(`${prefix}${channel.name}`, cpu), channel.fileLimits),
    );
  }
}
