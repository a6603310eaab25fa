import { nanosleep } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { RingBuffers } from '../ring/ring-buffers.js';
import { RingOffset } from '../ring/ring-layout.js';
import { RingReader } from '../ring/ring-reader.js';
import type { PacketMaker } from './packet-maker.js';
import { PeriodTimer } from './period-timer.js';
import type { StreamFiles } from './stream-files.js';
import { copySubbuf, lostEvents } from './subbuf-content.js';
import type { TraceClock } from './trace-clock.js';

/** A ring that is consumed: how often, and where what is read of it goes. */
export interface ConsumedRingParts {
  readonly buffers: RingBuffers;
  readonly maker: PacketMaker;
  /** Which of the channel's rings of a CPU it is: 0 where there is one. */
  readonly instance: number;
  /** How often it is looked for full sub-buffers. */
  readonly readTimerNs: number;
  /** How often a packet is made of what there is, even of nothing; 0 for never. */
  readonly switchTimerNs: number;
}

/** How long a consumer waits for somebody to commit. */
const COMMIT_WAIT_NS = 50_000;

/** One ring as its consumer knows it, mode discard. Its thread is on the ring's CPU. */
export class ConsumedRing {
  readonly #buffers: RingBuffers;
  readonly #maker: PacketMaker;
  readonly #instance: number;
  readonly #reader: RingReader;
  readonly #clock: TraceClock;
  readonly #ring: number;
  readonly #cpu: number;
  readonly #readTimer: PeriodTimer;
  readonly #switchTimer: PeriodTimer;
  /** Where the sub-buffer at hand is copied to; empty before the first. */
  #room: Int32Array = new Int32Array(0);
  #files: StreamFiles;
  /** Events that were lost according to the last packet of the files; undefined before the first. */
  #reported: bigint | undefined;

  constructor(parts: ConsumedRingParts, cpu: number, clock: TraceClock, files: StreamFiles) {
    const { buffers, maker, instance, readTimerNs, switchTimerNs } = parts;
    this.#buffers = buffers;
    this.#maker = maker;
    this.#instance = instance;
    this.#reader = new RingReader(buffers, cpu);
    this.#clock = clock;
    this.#ring = buffers.ringOf(cpu);
    this.#cpu = cpu;
    this.#readTimer = new PeriodTimer(readTimerNs);
    this.#switchTimer = new PeriodTimer(switchTimerNs);
    this.#files = files;
  }

  /** When one of its timers is due. */
  get dueNs(): number {
    return Math.min(this.#readTimer.dueNs, this.#switchTimer.dueNs);
  }

  /** Starts its timers. */
  begin(nowNs: number): void {
    this.#readTimer.begin(nowNs);
    this.#switchTimer.begin(nowNs);
  }

  /** Does what is due. */
  *serve(t: Thread, nowNs: number): Operation<void> {
    const isSwitch = this.#switchTimer.take(nowNs);
    if (isSwitch) yield* this.#buffers.closeOrMakeEmpty(t);
    if (this.#readTimer.take(nowNs) || isSwitch) yield* this.drain(t);
  }

  /** Consumes what is closed and committed. */
  *drain(t: Thread): Operation<void> {
    while (yield* this.#consumeOne(t, true));
  }

  /**
   * Has everything consumed that was recorded before, with an empty packet where there is none or the last
   * one does not know of all losses.
   */
  *flush(t: Thread): Operation<void> {
    yield* this.#buffers.closeSubbuf(t);
    yield* this.#drainClosed(t, true);
    if (this.#reported === BigInt(lostEvents(this.#buffers.process, this.#ring))) return;
    yield* this.#buffers.closeOrMakeEmpty(t);
    yield* this.#drainClosed(t, true);
  }

  /** Whether nothing is left to consume. */
  isAtEnd(t: Thread): Operation<boolean> {
    return this.#reader.isAtEnd(t);
  }

  /** Has everything before in the files that it writes to, and what comes in others. */
  *rotate(t: Thread, files: StreamFiles): Operation<void> {
    yield* this.flush(t);
    this.moveTo(files);
  }

  /** Writes to other files from now on. */
  moveTo(files: StreamFiles): void {
    this.#files = files;
    this.#reported = undefined;
  }

  /** Drops everything that was recorded before: what is in the ring, and what is in the files. */
  *clear(t: Thread): Operation<void> {
    yield* this.#buffers.closeSubbuf(t);
    yield* this.#drainClosed(t, false);
    this.clearFiles();
  }

  /** Drops what is in the files. */
  clearFiles(): void {
    this.#files.clear();
    this.#reported = undefined;
  }

  /** Consumes all sub-buffers that are closed now, and waits for those that are not committed. */
  *#drainClosed(t: Thread, keeps: boolean): Operation<void> {
    const { subbufBytes } = this.#buffers.layout.geometry;
    const end = yield* t.loadAcquire(this.#ring + RingOffset.offset);
    for (;;) {
      const consumed = yield* t.load(this.#ring + RingOffset.consumed);
      if (((end - consumed) | 0) < subbufBytes) return;
      if (!(yield* this.#consumeOne(t, keeps))) yield* nanosleep(t, COMMIT_WAIT_NS);
    }
  }

  *#consumeOne(t: Thread, keeps: boolean): Operation<boolean> {
    const { process, layout } = this.#buffers;
    const subbuf = yield* this.#reader.next(t);
    if (subbuf === undefined) return false;
    const sequence = BigInt(subbuf.start >>> layout.subbufShift);
    if (this.#room.length === 0) this.#room = new Int32Array(layout.geometry.subbufBytes >> 2);
    const place = { ...subbuf, cpu: this.#cpu, ring: this.#ring, sequence };
    const content = copySubbuf(process, place, this.#clock, undefined, this.#room);
    const packet = this.#maker.make(content, this.#instance);
    if (keeps) {
      this.#files.append(packet);
      this.#reported = content.discarded;
    }
    yield* this.#reader.release(t, subbuf);
    return true;
  }
}
