import { PRIME_A, PRIME_B, mix } from './hash-mix.js';
import { LocationField, LocationTable } from './location-table.js';

/** Fields of a write that is remembered, in the order in which writes became visible. */
const Write = { Location: 0, Writer: 1, Value: 2, Thread: 3, Position: 4 };
const FIELDS = 5;

/**
 * In which order the writes to each word became visible, as a hash of all words' orders; and which
 * write a load sees.
 *
 * A write can be taken back, as if it had never been: what an attempt that is aborted has stored
 * counts for nothing, although it may stay in memory. Who loads that is told apart by its value.
 */
export class CoherenceOrder {
  /** Lanes of the hash of all orders. */
  low = 0;
  high = 0;
  readonly #locations = new LocationTable();
  readonly #writes: number[] = [];

  /** Forgets all writes. */
  clear(): void {
    this.low = 0;
    this.high = 0;
    this.#locations.clear();
    this.#writes.length = 0;
  }

  /** Identity of the write that has left a value in a word. */
  seen(location: number, value: number): number {
    const at = this.#locations.find(location);
    if (at < 0) return mix(value, location, PRIME_B);
    const { fields } = this.#locations;
    const isLast =
      fields[at + LocationField.Value] === value &&
      fields[at + LocationField.ByKernel] === 0 &&
      fields[at + LocationField.Writer] !== 0;
    return isLast ? fields[at + LocationField.Writer]! : mix(value, location, PRIME_B);
  }

  /** Identity of the write that had left a value in a word before `later` newer ones. */
  seenBefore(location: number, value: number, later: number): number {
    const writes = this.#writes;
    let left = later;
    for (let from = writes.length - FIELDS; from >= 0; from -= FIELDS)
      if (writes[from + Write.Location] === location && left-- === 0) {
        if (writes[from + Write.Value] !== value) break;
        return writes[from + Write.Writer]!;
      }
    return mix(value, location, PRIME_B);
  }

  /** The kernel wrote a word, which is no event of the order. */
  writtenByKernel(location: number, value: number): void {
    const at = this.#locations.claim(location);
    const { fields } = this.#locations;
    fields[at + LocationField.ByKernel] = 1;
    fields[at + LocationField.Value] = value;
  }

  /**
   * A thread's write became visible.
   *
   * @param writer identity of the write, not 0
   * @param position which access of the thread it is
   */
  written(location: number, writer: number, value: number, thread: number, position: number): void {
    this.#writes.push(location, writer, value, thread, position);
    this.#append(this.#locations.claim(location), location, writer, value);
  }

  /** Takes back all writes of a thread behind a position. */
  takeBack(thread: number, position: number): void {
    const writes = this.#writes;
    let kept = 0;
    const changed: number[] = [];
    for (let from = 0; from < writes.length; from += FIELDS) {
      if (writes[from + Write.Thread] === thread && writes[from + Write.Position]! > position) {
        changed.push(writes[from + Write.Location]!);
        continue;
      }
      if (kept !== from) writes.copyWithin(kept, from, from + FIELDS);
      kept += FIELDS;
    }
    writes.length = kept;
    for (const location of changed) this.#recompute(location);
  }

  #recompute(location: number): void {
    const at = this.#locations.claim(location);
    const { fields } = this.#locations;
    this.#set(at, location, 0, 0);
    fields[at + LocationField.Writer] = 0;
    const writes = this.#writes;
    for (let from = 0; from < writes.length; from += FIELDS)
      if (writes[from + Write.Location] === location)
        this.#append(at, location, writes[from + Write.Writer]!, writes[from + Write.Value]!);
  }

  #append(at: number, location: number, writer: number, value: number): void {
    const { fields } = this.#locations;
    fields[at + LocationField.Value] = value;
    fields[at + LocationField.ByKernel] = 0;
    fields[at + LocationField.Writer] = writer;
    this.#set(
      at,
      location,
      mix(fields[at + LocationField.OrderLow]!, writer, PRIME_A),
      mix(fields[at + LocationField.OrderHigh]!, writer, PRIME_B),
    );
  }

  #set(at: number, location: number, low: number, high: number): void {
    const { fields } = this.#locations;
    const oldLow = fields[at + LocationField.OrderLow]!;
    const oldHigh = fields[at + LocationField.OrderHigh]!;
    fields[at + LocationField.OrderLow] = low;
    fields[at + LocationField.OrderHigh] = high;
    this.low = (this.low - weigh(location, oldLow) + weigh(location, low)) | 0;
    this.high = (this.high - weigh(location, oldHigh) + weigh(location, high)) | 0;
  }
}

function weigh(location: number, order: number): number {
  return order === 0 ? 0 : mix(order, location, PRIME_B);
}
