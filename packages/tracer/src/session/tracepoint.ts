import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { RcuDomain } from '@rseqlab/urcu';
import { writePayload } from '../events/event-definition.js';
import type { EventDefinition, EventFields, EventValues } from '../events/event-definition.js';
import { PayloadWriter } from '../events/payload-writer.js';
import type { Channel } from './channel.js';

/** Most recorders of a tracepoint: bits of its state. */
export const MAX_PROBES = 31;

/** What a tracepoint does when it is enabled: it records in a channel. */
export interface Probe {
  readonly channel: Channel;
  readonly eventId: number;
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

  /** Adds a probe, which is disabled; returns its bit. Before the threads run. @internal */
  addProbe(probe: Probe): number {
    this.#probes.push(probe);
    return 1 << (this.#probes.length - 1);
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
      yield* channel.buffers.record(t, eventId, payload);
    }
    yield* this.#rcu.readUnlock(t, token);
  }
}
