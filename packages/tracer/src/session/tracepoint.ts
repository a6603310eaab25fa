import type { Operation, Thread } from '@rseqlab/sim-machine';
import { currentCpu } from '@rseqlab/rseq-runtime';
import type { RcuDomain } from '@rseqlab/urcu';
import { writePayload } from '../events/event-definition.js';
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
  /** Address of the tracepoint's state, and the bit there that enables the probe. */
  readonly state: number;
  readonly bit: number;
  /** Address of the count of events that it lost. */
  readonly lost: number;
  /** Which events it records; all without one. */
  readonly filter: EventFilter | undefined;
  /** Bits of the probes before it that record in the same channel: an event is there once. */
  readonly sameChannel: number;
}

const writer = new PayloadWriter();

/**
 * A place in a program where an event is recorded, or is not.
 *
 * Its state is a word with a bit for each probe. Probes come and go while events fire: who has read the
 * word under RCU finishes what it says, and who takes a bit away waits for a grace period.
 */
export class Tracepoint<Fields extends EventFields> {
  readonly event: EventDefinition<Fields>;
  readonly #state: number;
  readonly #rcu: RcuDomain;
  readonly #probes: Probe[] = [];
  /** Whether a filter asks for the CPU. */
  #needsCpu = false;

  /** Made by `Session.tracepoint`. @internal */
  constructor(event: EventDefinition<Fields>, state: number, rcu: RcuDomain) {
    this.event = event;
    this.#state = state;
    this.#rcu = rcu;
  }

  /** Address of its state. @internal */
  get state(): number {
    return this.#state;
  }

  /** What it does when it is enabled. @internal */
  get probes(): readonly Probe[] {
    return this.#probes;
  }

  /**
   * Adds a probe, which is disabled. Before the threads run.
   *
   * @param lost address of a word of its own
   * @throws TracerError `ERR_EVENT` when there are too many, or the channel has another event of the name;
   *   `ERR_FILTER` for a filter that cannot be one of the event
   * @internal
   */
  addProbe(channel: Channel, lost: number, { filter: text }: ProbeOptions = {}): Probe {
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
    const place = { state: this.#state, bit: 1 << count, lost };
    const probe = { channel, eventId, ...place, filter, sameChannel };
    this.#probes.push(probe);
    if (filter?.needsCpu === true) this.#needsCpu = true;
    return probe;
  }

  /**
   * Records the event in every channel that wants it, once in each. A disabled one costs a load.
   *
   * Any thread may, also in signal handlers, those that interrupted another `emit` included.
   *
   * @throws TracerError `ERR_VALUE` for a value that is not one of its field
   */
  *emit(t: Thread, values: EventValues<Fields>): Operation<void> {
    const state = yield* t.load(this.#state);
    if (state === 0) return;
    const passing = this.#passing(t, values, state, this.#needsCpu ? yield* currentCpu(t) : -1);
    if (passing === 0) return;
    writer.begin();
    writePayload(writer, this.event, values);
    const payload = writer.words();
    const token = yield* this.#rcu.readLock(t);
    const enabled = passing & (yield* t.load(this.#state));
    for (let n = 0; n < this.#probes.length; n++) {
      if ((enabled & (1 << n)) === 0) continue;
      const { channel, eventId, lost, sameChannel } = this.#probes[n]!;
      if ((enabled & sameChannel) !== 0) continue;
      const words = channel.contexts.areNone ? payload : this.#withContexts(t, channel, values);
      const outcome = yield* channel.buffers.record(t, eventId, words);
      if ('loss' in outcome) yield* t.fetchAdd(lost, 1);
    }
    yield* this.#rcu.readUnlock(t, token);
  }

  /** Which of the enabled probes want the event: their bits. */
  #passing(t: Thread, values: EventValues<Fields>, enabled: number, cpu: number): number {
    let passing = 0;
    for (let n = 0; n < this.#probes.length; n++) {
      const { bit, channel, filter } = this.#probes[n]!;
      if ((enabled & bit) === 0) continue;
      if (filter === undefined || filter.passes(values, t, channel.buffers.machine, cpu))
        passing |= bit;
    }
    return passing;
  }

  #withContexts(t: Thread, channel: Channel, values: EventValues<Fields>): Int32Array {
    writer.begin();
    channel.contexts.write(writer, t, channel.buffers.machine);
    writePayload(writer, this.event, values);
    return writer.words();
  }
}
