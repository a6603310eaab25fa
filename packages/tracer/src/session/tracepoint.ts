import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { RcuDomain } from '@rseqlab/urcu';
import { writePayload } from '../events/event-definition.js';
import type { EventDefinition, EventFields, EventValues } from '../events/event-definition.js';
import { PayloadWriter } from '../events/payload-writer.js';
import { TracerError } from '../tracer-error.js';
import type { Channel } from './channel.js';

/** Most probes of a tracepoint: bits of its state. */
const MAX_PROBES = 31;

/** What a tracepoint does when it is enabled: it records in a channel. */
export interface Probe {
  readonly channel: Channel;
  /** Number of the event in the channel. */
  readonly eventId: number;
  /** Address of the tracepoint's state, and the bit there that enables the probe. */
  readonly state: number;
  readonly bit: number;
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

  /**
   * Adds a probe, which is disabled. Before the threads run.
   *
   * @throws TracerError `ERR_EVENT` when there are too many, or the channel has another event of the name
   * @internal
   */
  addProbe(channel: Channel): Probe {
    if (this.#probes.length === MAX_PROBES)
      throw new TracerError(
        'ERR_EVENT',
        `expected at most ${MAX_PROBES} channels to record ${this.event.name}, got one more`,
      );
    const eventId = channel.add(this.event);
    const probe = { channel, eventId, state: this.#state, bit: 1 << this.#probes.length };
    this.#probes.push(probe);
    return probe;
  }

  /**
   * Records the event in every channel that wants it. A disabled one costs a load.
   *
   * Any thread may, also in signal handlers, those that interrupted another `emit` included.
   *
   * @throws TracerError `ERR_VALUE` for a value that is not one of its field
   */
  *emit(t: Thread, values: EventValues<Fields>): Operation<void> {
    if ((yield* t.load(this.#state)) === 0) return;
    writer.begin();
    writePayload(writer, this.event, values);
    const payload = writer.words();
    const token = yield* this.#rcu.readLock(t);
    const enabled = yield* t.load(this.#state);
    for (let n = 0; n < this.#probes.length; n++) {
      if ((enabled & (1 << n)) === 0) continue;
      const { channel, eventId } = this.#probes[n]!;
      const words = channel.contexts.areNone ? payload : this.#withContexts(t, channel, values);
      yield* channel.buffers.record(t, eventId, words);
    }
    yield* this.#rcu.readUnlock(t, token);
  }

  #withContexts(t: Thread, channel: Channel, values: EventValues<Fields>): Int32Array {
    writer.begin();
    channel.contexts.write(writer, t, channel.buffers.machine);
    writePayload(writer, this.event, values);
    return writer.words();
  }
}
