import { copySubbuf } from '../consumer/subbuf-content.js';
import type { SubbufContent } from '../consumer/subbuf-content.js';
import type { TraceClock } from '../consumer/trace-clock.js';
import { FRAME_BYTES, FRAME_COMMITTED, frameWord } from '../ring/frame.js';
import { recordBytes } from '../ring/reserve-program.js';
import { RingLayout, RingOffset, SubbufOffset } from '../ring/ring-layout.js';
import type { RingGeometry } from '../ring/ring-geometry.js';

const TURN = 2 ** 32;
const HALF_TURN = 2 ** 31;

/**
 * The kernel's rings: laid out as those of programs, in memory of its own.
 *
 * The kernel records in the middle of a step of the machine, where nothing else moves on the CPU: what programs
 * need sections for are plain accesses here. A sub-buffer that is closed is consumed at once, so that
 * nothing is ever lost.
 */
export class KernelRings {
  readonly #layout: RingLayout;
  readonly #words: Int32Array;
  readonly #clock: TraceClock;
  readonly #deliver: (content: SubbufContent) => void;

  /** @param cpus one more than the highest id of a CPU */
  constructor(
    cpus: number,
    geometry: RingGeometry,
    clock: TraceClock,
    deliver: (content: SubbufContent) => void,
  ) {
    this.#layout = new RingLayout(geometry);
    this.#words = new Int32Array((cpus * this.#layout.strideBytes) >> 2);
    this.#clock = clock;
    this.#deliver = deliver;
  }

  /** See `RingMemory`. */
  read32(address: number): number {
    return this.#words[address >> 2]!;
  }

  /** See `RingMemory`. */
  readWords(address: number, into: Int32Array): void {
    into.set(this.#words.subarray(address >> 2, (address >> 2) + into.length));
  }

  /**
   * Records an event.
   *
   * @param cycles time, not before that of the last one on the CPU
   */
  record(cpu: number, cycles: number, eventId: number, payload: readonly number[]): void {
    const { subbufBytes } = this.#layout.geometry;
    const bytes = recordBytes(4 * payload.length);
    const ring = this.#ringOf(cpu);
    let offset = this.read32(ring + RingOffset.offset);
    const used = offset & (subbufBytes - 1);
    if (used !== 0 && (used + bytes > subbufBytes || this.#age(cpu, cycles) >= HALF_TURN)) {
      this.close(cpu, cycles);
      offset = this.read32(ring + RingOffset.offset);
    }
    if ((offset & (subbufBytes - 1)) === 0) this.#open(cpu, cycles);
    const { record, data } = this.#subbuf(cpu, offset);
    const slot = data + (offset & (subbufBytes - 1));
    this.#write(slot, frameWord(eventId, bytes) | FRAME_COMMITTED);
    this.#write(slot + 4, cycles % TURN);
    this.#words.set(payload, (slot + FRAME_BYTES) >> 2);
    const committed = record + SubbufOffset.bySection;
    this.#write(committed, this.read32(committed) + bytes);
    this.#write(ring + RingOffset.offset, offset + bytes);
    if (((offset + bytes) & (subbufBytes - 1)) === 0) this.#finish(cpu, cycles, offset);
  }

  /** Closes the sub-buffer of a CPU that is open, and consumes it. */
  close(cpu: number, cycles: number): void {
    const ring = this.#ringOf(cpu);
    const { subbufBytes } = this.#layout.geometry;
    const offset = this.read32(ring + RingOffset.offset);
    if ((offset & (subbufBytes - 1)) === 0) return;
    this.#write(ring + RingOffset.offset, (offset | (subbufBytes - 1)) + 1);
    this.#finish(cpu, cycles, offset - 1, offset);
  }

  /** Closes the sub-buffer of a CPU that is open, or has an empty one consumed where there was none yet. */
  closeOrMakeEmpty(cpu: number, cycles: number): void {
    const ring = this.#ringOf(cpu);
    if (this.read32(ring + RingOffset.offset) !== 0) {
      this.close(cpu, cycles);
      return;
    }
    this.#open(cpu, cycles);
    this.#write(ring + RingOffset.offset, this.#layout.geometry.subbufBytes);
    this.#finish(cpu, cycles, 0, 0);
  }

  #open(cpu: number, cycles: number): void {
    const offset = this.read32(this.#ringOf(cpu) + RingOffset.offset);
    const { record } = this.#subbuf(cpu, offset);
    const nanoseconds = Math.floor((cycles * 1000) / this.#clock.frequencyMhz);
    this.#write(record + SubbufOffset.base, this.read32(record + SubbufOffset.bySection));
    this.#write(record + SubbufOffset.start, offset);
    this.#write(record + SubbufOffset.beginClock, cycles % TURN);
    this.#write(record + SubbufOffset.seconds, Math.floor(nanoseconds / 1e9));
    this.#write(record + SubbufOffset.nanoseconds, nanoseconds % 1e9);
  }

  /** Says where the content ends, and consumes. @param within an offset in the sub-buffer */
  #finish(
    cpu: number,
    cycles: number,
    within: number,
    end: number = (within | (this.#layout.geometry.subbufBytes - 1)) + 1,
  ): void {
    const ring = this.#ringOf(cpu);
    const { record, data } = this.#subbuf(cpu, within);
    this.#write(record + SubbufOffset.contentEnd, end);
    this.#write(record + SubbufOffset.endClock, cycles % TURN);
    const start = this.read32(record + SubbufOffset.start);
    const sequence = BigInt(start >>> this.#layout.subbufShift);
    const contentBytes = (end - start) | 0;
    const place = { cpu, ring, record, data, contentBytes, sequence };
    this.#deliver(copySubbuf(this, place, this.#clock));
    this.#write(ring + RingOffset.consumed, start + this.#layout.geometry.subbufBytes);
  }

  /** Cycles since the sub-buffer that is open was opened. */
  #age(cpu: number, cycles: number): number {
    const ring = this.#ringOf(cpu);
    const { record } = this.#subbuf(cpu, this.read32(ring + RingOffset.offset));
    const seconds = this.read32(record + SubbufOffset.seconds);
    const nanoseconds = seconds * 1e9 + this.read32(record + SubbufOffset.nanoseconds);
    return cycles - (nanoseconds * this.#clock.frequencyMhz) / 1000;
  }

  #subbuf(cpu: number, offset: number): { readonly record: number; readonly data: number } {
    const ring = this.#ringOf(cpu);
    const physical = this.#layout.placeOf(offset);
    return {
      record: ring + this.#layout.recordOf(physical),
      data: ring + this.#layout.dataOf(physical),
    };
  }

  #ringOf(cpu: number): number {
    return cpu * this.#layout.strideBytes;
  }

  #write(address: number, value: number): void {
    this.#words[address >> 2] = value;
  }
}
