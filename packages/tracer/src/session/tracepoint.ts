import { endedOperation } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { currentCpu } from '@rseqlab/rseq-runtime';
import type { RcuFlavour } from '@rseqlab/urcu';
import type { RingBuffers } from '../ring/ring-buffers.js';
import { fetchFields, writePayload } from '../events/event-definition.js';
import type { EventDefinition, EventFields, EventValues } from '../events/event-definition.js';
import { compileFilter } from '../filter/compile-filter.js';
import type { EventFilter } from '../filter/compile-filter.js';
import { PayloadWriter } from '../events/payload-writer.js';
import { TracerError } from '../tracer-error.js';
import type { Channel } from './channel.js';

/** Most probes of a tracepoint: bits of its state. */
const MAX_PROBES = 31;

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

/** What a tracepoint does when it is enabled: it records in a channel. */
export interface Probe {
  readonly channel: Channel;
  /** Number of the event in the channel. */
  readonly eventId: number;
  readonly tracepoint: Tracepoint<EventFields>;
  /** Its bit in the words of the tracepoint. */
  readonly bit: number;
  /** Which events it records; all without one. */
  readonly filter: EventFilter | undefined;
  /** Bits of the probes before it that record in the same channel: an event is there once. */
  readonly sameChannel: number;
}

/**
 * Words of a tracepoint.
 *
 * | offset     | holds                                         | written by                     |
 * |------------|-----------------------------------------------|--------------------------------|
 * | 0          | state: a bit for each probe that records now  | who controls the session       |
 * | 64         | wanted: the same, while the session is active | who controls the session       |
 * | 68 + 4 * n | events that probe n lost                      | atomics of those who emit      |
 */
const BlockOffset = { state: 0, wanted: 64, lost: 68 } as const;

/** Bytes of a tracepoint's words. */
export const TRACEPOINT_BYTES: number = BlockOffset.lost + 4 * MAX_PROBES;

/** Values of fields by name. */
type GivenValues = Readonly<Record<string, unknown>>;

const writer = new PayloadWriter();

/** An event that nobody wants. */
const DISABLED: Operation<void> = endedOperation(undefined);

/**
 * A place in a program where an event is recorded, or is not.
 *
 * Its state is a word with a bit for each probe. Probes come and go while events fire: who has read the
 * word under RCU finishes what it says, and who takes a bit away waits for a grace period.
 */
export class Tracepoint<Fields extends EventFields> {
  readonly event: EventDefinition<Fields>;
  /** Whether something of it lies in memory. */
  readonly #isFetched: boolean;
  readonly #address: number;
  readonly #rcu: RcuFlavour;
  readonly #probes: Probe[];
  readonly #buffersOf: (channel: Channel) => RingBuffers;
  /** Of each probe, as the process sees them. */
  readonly #buffers: RingBuffers[] = [];

  /**
   * Made by `Session.tracepoint`.
   *
   * @param address of its words
   * @param probes of the same tracepoint in another process
   * @internal
   */
  constructor(
    event: EventDefinition<Fields>,
    address: number,
    rcu: RcuFlavour,
    buffersOf: (channel: Channel) => RingBuffers,
    probes: Probe[] = [],
  ) {
    this.event = event;
    this.#isFetched = Object.values(event.fields).some(({ fetch }) => fetch !== undefined);
    this.#address = address;
    this.#rcu = rcu;
    this.#buffersOf = buffersOf;
    this.#probes = probes;
  }

  /** Address of its words. @internal */
  get address(): number {
    return this.#address;
  }

  /** What it does when it is enabled; tracepoints of the event in other processes have the same. @internal */
  get probes(): Probe[] {
    return this.#probes;
  }

  /** Address of the count of events that a probe lost. @internal */
  lostBy({ bit }: Probe): number {
    return this.#address + BlockOffset.lost + 4 * (31 - Math.clz32(bit));
  }

  /**
   * Adds a probe, which is disabled. Before the threads run.
   *
   * @throws TracerError `ERR_EVENT` when there are too many, or the channel has another event of the name;
   *   `ERR_FILTER` for a filter that cannot be one of the event
   * @internal
   */
  addProbe(channel: Channel, { filter: text }: ProbeOptions = {}): Probe {
    const count = this.#probes.length;
    if (count === MAX_PROBES)
      throw new TracerError(
        'ERR_EVENT',
        `expected at most ${MAX_PROBES} channels to record ${this.event.name}, got one more`,
      );
    const filter = text === undefined ? undefined : compileFilter(text, this.event);
    const eventId = channel.add(this.event);
    const sameChannel = this.#probes.reduce(
      (bits, probe) => (probe.channel === channel ? bits | probe.bit : bits),
      0,
    );
    const tracepoint = this as unknown as Tracepoint<EventFields>;
    const probe = { channel, eventId, tracepoint, bit: 1 << count, filter, sameChannel };
    this.#probes.push(probe);
    return probe;
  }

  /** Enables a probe from outside. @internal */
  enable({ bit }: Probe, process: Process, isActive: boolean): void {
    const { state, wanted } = BlockOffset;
    for (const offset of isActive ? [state, wanted] : [wanted])
      process.write32(this.#address + offset, process.read32(this.#address + offset) | bit);
  }

  /** Whether a probe records. @internal */
  isEnabled({ bit }: Probe, process: Process): boolean {
    return (process.read32(this.#address + BlockOffset.state) & bit) !== 0;
  }

  /** Has the wanted probes record. @internal */
  *activate(t: Thread): Operation<void> {
    yield* t.exchange(this.#address, yield* t.load(this.#address + BlockOffset.wanted));
  }

  /** Has no probe record that is not about to. @internal */
  *deactivate(t: Thread): Operation<void> {
    yield* t.exchange(this.#address, 0);
  }

  /** Has a probe record while the session is active. @internal */
  *want(t: Thread, { bit }: Probe, isActive: boolean): Operation<void> {
    yield* t.fetchOr(this.#address + BlockOffset.wanted, bit);
    if (isActive) yield* t.fetchOr(this.#address, bit);
  }

  /** Takes {@link want} back. @internal */
  *unwant(t: Thread, { bit }: Probe): Operation<void> {
    yield* t.fetchAnd(this.#address + BlockOffset.wanted, ~bit);
    yield* t.fetchAnd(this.#address, ~bit);
  }

  /**
   * Records the event in every channel that wants it, once in each. A disabled one costs a load.
   *
   * Any thread may, also in signal handlers, those that interrupted another `emit` included.
   *
   * @throws TracerError `ERR_VALUE` for a value that is not one of its field
   */
  emit(t: Thread, given: EventValues<Fields>): Operation<void> {
    if (!t.startLoad(this.#address)) return this.#looked(t, given);
    const state = t.result;
    return state === 0 ? DISABLED : this.#emit(t, given, state);
  }

  *#looked(t: Thread, given: EventValues<Fields>): Operation<void> {
    yield;
    const state = t.result;
    if (state !== 0) yield* this.#emit(t, given, state);
  }

  *#emit(t: Thread, given: EventValues<Fields>, state: number): Operation<void> {
    const values = this.#isFetched ? yield* fetchFields(t, this.event, given) : given;
    const cpu = this.#needsCpu(state) ? yield* currentCpu(t) : -1;
    const passing = this.#passing(t, values, state, cpu);
    if (passing === 0) return;
    writer.begin();
    writePayload(writer, this.event, values);
    const payload = writer.words();
    const token = yield* this.#rcu.readLock(t);
    if (!t.startLoad(this.#address)) yield;
    const enabled = passing & t.result;
    for (let n = 0; n < this.#probes.length; n++) {
      if ((enabled & (1 << n)) === 0) continue;
      const { channel, eventId, sameChannel } = this.#probes[n]!;
      if ((enabled & sameChannel) !== 0) continue;
      const words = channel.contexts.areNone ? payload : this.#withContexts(t, channel, values);
      const outcome = yield* this.#buffersAt(n).record(t, eventId, words);
      if ('loss' in outcome) yield* t.fetchAdd(this.#address + BlockOffset.lost + 4 * n, 1);
    }
    yield* this.#rcu.readUnlock(t, token);
  }

  #needsCpu(enabled: number): boolean {
    for (let n = 0; n < this.#probes.length; n++)
      if ((enabled & (1 << n)) !== 0 && this.#probes[n]!.filter?.needsCpu === true) return true;
    return false;
  }

  /** Which of the enabled probes want the event: their bits. */
  #passing(t: Thread, values: GivenValues, enabled: number, cpu: number): number {
    let passing = 0;
    for (let n = 0; n < this.#probes.length; n++) {
      const { bit, channel, filter } = this.#probes[n]!;
      if ((enabled & bit) === 0) continue;
      if (filter === undefined || filter.passes(values, t, channel.buffers.machine, cpu))
        passing |= bit;
    }
    return passing;
  }

  #buffersAt(probe: number): RingBuffers {
    return (this.#buffers[probe] ??= this.#buffersOf(this.#probes[probe]!.channel));
  }

  #withContexts(t: Thread, channel: Channel, values: GivenValues): number[] {
    writer.begin();
    channel.contexts.write(writer, t, channel.buffers.machine);
    writePayload(writer, this.event, values);
    return writer.words();
  }
}
