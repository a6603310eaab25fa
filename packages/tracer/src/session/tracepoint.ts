import { WatchedWord } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuFlavour } from '@rseqlab/urcu';
import { ended, restOf } from '../ring/rest-of.js';
import type { RingBuffers } from '../ring/ring-buffers.js';
import type { EventDefinition, EventFields, EventValues } from '../events/event-definition.js';
import { compileFilter } from '../filter/compile-filter.js';
import { TracerError } from '../tracer-error.js';
import type { Channel } from './channel.js';
import { ProbeRecorder } from './probe-recorder.js';
import type { Probe, ProbeOptions } from './probe.js';

/** Most probes of a tracepoint: bits of its state. */
const MAX_PROBES = 31;

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

/** An event that nobody wants. */
const DISABLED: Operation<void> = ended(undefined);

/**
 * A place in a program where an event is recorded, or is not.
 *
 * Its state is a word with a bit for each probe. Probes come and go while events fire: who has read the
 * word under RCU finishes what it says, and who takes a bit away waits for a grace period.
 */
export class Tracepoint<Fields extends EventFields> {
  readonly event: EventDefinition<Fields>;
  readonly #address: number;
  readonly #state: WatchedWord;
  readonly #probes: Probe[];
  readonly #recorder: ProbeRecorder;

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
    this.#address = address;
    this.#state = new WatchedWord(address + BlockOffset.state);
    this.#probes = probes;
    const lostBy = (probe: Probe): number => this.lostBy(probe);
    this.#recorder = new ProbeRecorder({
      event,
      state: this.#state,
      rcu,
      probes,
      lostBy,
      buffersOf,
    });
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
    const probe = { channel, eventId, tracepoint: this, bit: 1 << count, filter, sameChannel };
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
  hasEnabled({ bit }: Probe, process: Process): boolean {
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
   * Whether to ask {@link emit}: false when no probe records the event now. True may be wrong, where others can come
   * before the load that tells; `emit` finds out.
   *
   * For hot paths, and for values that take time to put together:
   * `if (request.isEnabled(t)) yield* request.emit(t, { id, path: pathOf(id) });`
   *
   * @source lttng-ust(3), lttng_ust_tracepoint_enabled
   */
  isEnabled(t: Thread): boolean {
    return !t.isZeroNow(this.#state);
  }

  /**
   * Records the event in every channel that wants it, once in each. A disabled one costs a load.
   *
   * Any thread may, also in signal handlers, those that interrupted another `emit` included.
   *
   * @throws TracerError `ERR_VALUE` for a value that is not one of its field
   */
  emit(t: Thread, given: EventValues<Fields>): Operation<void> {
    let state = t.loadNow(this.#state);
    if (state === undefined) {
      if (!t.startLoad(this.#address)) return restOf(this.#looked(t, given));
      state = t.result;
    }
    return state === 0 ? DISABLED : this.#recorder.record(t, given, state);
  }

  *#looked(t: Thread, given: EventValues<Fields>): Operation<void> {
    yield;
    const state = t.result;
    if (state !== 0) yield* this.#recorder.record(t, given, state);
  }
}
