import { nanosleep, setAffinity } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { RingBuffers } from '../ring/ring-buffers.js';
import { RingReader } from '../ring/ring-reader.js';
import { copySubbuf, lostEvents } from './subbuf-content.js';
import type { SubbufContent } from './subbuf-content.js';
import type { TraceClock } from './trace-clock.js';

/** What a consumer is made of. */
export interface ConsumerParts {
  readonly cpu: number;
  /** Rings, and where what is read of them goes. */
  readonly channels: readonly ConsumedChannel[];
  readonly clock: TraceClock;
  /** Address of a word that is not 0 once nobody records any more. */
  readonly stopped: number;
  /** How often it looks for full sub-buffers. */
  readonly readTimerNs: number;
}

/** Rings, and where what is read of them goes. */
export interface ConsumedChannel {
  readonly buffers: RingBuffers;
  readonly deliver: (content: SubbufContent) => void;
}

/**
 * The consumer of one CPU's rings: a thread that stays on the CPU, since only there can it close
 * sub-buffers that are not full.
 */
export class CpuConsumer {
  readonly #parts: ConsumerParts;
  readonly #rings: readonly ConsumedRing[];

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    this.#rings = parts.channels.map(
      (channel) => new ConsumedRing(channel, parts.cpu, parts.clock),
    );
  }

  /** The life of the thread: it ends once recording has stopped and everything is consumed. */
  *run(t: Thread): Operation<void> {
    const { cpu, stopped, readTimerNs } = this.#parts;
    yield* setAffinity(t, [cpu]);
    while ((yield* t.loadAcquire(stopped)) === 0) {
      for (const ring of this.#rings) yield* ring.drain(t);
      yield* nanosleep(t, readTimerNs);
    }
    for (const ring of this.#rings)
      while (!(yield* ring.finish(t))) yield* nanosleep(t, readTimerNs);
  }
}

/** One ring as its consumer knows it. */
class ConsumedRing {
  readonly #channel: ConsumedChannel;
  readonly #reader: RingReader;
  readonly #clock: TraceClock;
  readonly #ring: number;
  readonly #cpu: number;
  /** Events that were lost according to the last packet; undefined before the first. */
  #reported: bigint | undefined;

  constructor(channel: ConsumedChannel, cpu: number, clock: TraceClock) {
    this.#channel = channel;
    this.#reader = new RingReader(channel.buffers, cpu);
    this.#clock = clock;
    this.#ring = channel.buffers.ringOf(cpu);
    this.#cpu = cpu;
  }

  /** Consumes what is closed and committed. */
  *drain(t: Thread): Operation<void> {
    const { buffers, deliver } = this.#channel;
    for (;;) {
      const subbuf = yield* this.#reader.next(t);
      if (subbuf === undefined) return;
      const sequence = BigInt(subbuf.start >>> buffers.layout.subbufShift);
      const place = { ...subbuf, cpu: this.#cpu, ring: this.#ring, sequence };
      const content = copySubbuf(buffers.process, place, this.#clock);
      deliver(content);
      this.#reported = content.discarded;
      yield* this.#reader.release(t, subbuf);
    }
  }

  /**
   * Consumes everything there is, with an empty packet where there is none or the last one does not know
   * of all losses.
   *
   * @returns false when something is reserved and not committed yet
   */
  *finish(t: Thread): Operation<boolean> {
    const { buffers } = this.#channel;
    yield* buffers.closeSubbuf(t);
    yield* this.drain(t);
    if (!(yield* this.#reader.isAtEnd(t))) return false;
    if (this.#reported === BigInt(lostEvents(buffers.process, this.#ring))) return true;
    yield* buffers.closeOrMakeEmpty(t);
    yield* this.drain(t);
    return yield* this.#reader.isAtEnd(t);
  }
}
