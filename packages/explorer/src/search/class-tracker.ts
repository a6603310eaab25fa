import { AccessKind, REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { Machine, ShadowObserver } from '@rseqlab/sim-machine';
import { LocationField, LocationTable } from './location-table.js';

const PRIME_A = 0x85ebca6b;
const PRIME_B = 0xc2b2ae35;
const PRIME_C = 0x27d4eb2f;

/** Stands for the kernel among the writers of buffered stores. */
const KERNEL = 0;

/** Words kept for every thread: two lanes and the position, and the same at the routine's start. */
const LANES = 7;
const Lane = { Low: 0, High: 1, Position: 2, StartLow: 3, StartHigh: 4, Start: 5, Operation: 6 };

/**
 * Computes which class a run belongs to while it runs.
 *
 * A class is a distinct graph of program order, reads-from and coherence: who read from which write,
 * and in which order the writes to each word became visible. Accesses of a section attempt that the
 * kernel aborted are not part of it, since nothing but the restart follows from them; so a program
 * has finitely many classes however often its sections are aborted.
 */
export class ClassTracker implements ShadowObserver {
  /** Lanes of the fingerprint of the graph so far, valid after {@link compute}. */
  low = 0;
  high = 0;
  readonly #machine: Machine;
  readonly #registers: Int32Array;
  readonly #lanes: Int32Array;
  readonly #locations = new LocationTable();
  /** By location: who wrote it, in the order of coherence; only where stores are buffered. */
  readonly #writers = new Map<number, number[]>();
  /** Stores that have not reached memory, oldest first: (cpu, location, writer). */
  readonly #pending: number[] = [];
  #orderLow = 0;
  #orderHigh = 0;
  #threads = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#registers = machine.threads.registers;
    this.#lanes = new Int32Array(machine.threads.capacity * LANES);
    machine.events.on('abort', ({ thread }) => {
      this.#rollBack(thread);
    });
  }

  /** Forgets the run before. */
  reset(): void {
    this.#lanes.fill(0, 0, this.#threads * LANES);
    this.#threads = 0;
    this.#locations.clear();
    this.#writers.clear();
    this.#pending.length = 0;
    this.#orderLow = 0;
    this.#orderHigh = 0;
  }

  /** Brings {@link low} and {@link high} up to date. */
  compute(): void {
    let low = this.#orderLow;
    let high = this.#orderHigh;
    const lanes = this.#lanes;
    for (let thread = 0; thread < this.#threads; thread++) {
      const at = thread * LANES;
      low = (low + mix(lanes[at + Lane.Low]!, thread + 1, PRIME_A)) | 0;
      high = (high + mix(lanes[at + Lane.High]!, thread + 1, PRIME_B)) | 0;
    }
    for (let i = 0; i < this.#pending.length; i += 3)
      low = (low + mix(this.#pending[i + 1]!, this.#pending[i + 2]!, PRIME_C)) | 0;
    this.low = low;
    this.high = high;
  }

  onAccess(
    kind: AccessKind,
    physical: number,
    _size: number,
    value: number,
    cpu: number,
    thread: number,
  ): void {
    const location = this.#machine.locationKey(physical);
    const at = this.#enter(thread);
    const position = (this.#lanes[at + Lane.Position]! += 1);
    if (kind !== AccessKind.Store) this.#note(at, this.#writerSeen(location, cpu, value), PRIME_A);
    if (kind === AccessKind.Store || kind === AccessKind.Update) {
      const writer = mix(thread + 1, position, PRIME_C) | 1;
      this.#note(at, location, PRIME_B);
      if (kind === AccessKind.Store && this.#machine.buffersStores)
        this.#pending.push(cpu, location, writer);
      else this.#written(location, writer, this.#machine.wordAt(physical));
    }
  }

  onFence(): void {
    // Fences order what the graph already shows.
  }

  frameCopied(): void {
    // Places are named by their page, not by the frame that holds it.
  }

  frameFreed(): void {
    // As above.
  }

  /** The kernel's own writes are told apart by what they wrote. */
  onKernelAccess(
    kind: AccessKind,
    physical: number,
    _size: number,
    _value: number,
    cpu: number,
  ): void {
    if (kind !== AccessKind.Store) return;
    const location = this.#machine.locationKey(physical);
    if (this.#machine.buffersStores) this.#pending.push(cpu, location, KERNEL);
    else this.#writtenByKernel(location, this.#machine.wordAt(physical));
  }

  storeVisible(physical: number, _size: number, _low: number, cpu: number): void {
    const pending = this.#pending;
    const location = this.#machine.locationKey(physical);
    for (let i = 0; i < pending.length; i += 3)
      if (pending[i] === cpu && pending[i + 1] === location) {
        const writer = pending[i + 2]!;
        pending.splice(i, 3);
        if (writer === KERNEL) this.#writtenByKernel(location, this.#machine.wordAt(physical));
        else this.#written(location, writer, this.#machine.wordAt(physical));
        return;
      }
  }

  /** Identity of the write that a load on a CPU took its value from. */
  #writerSeen(location: number, cpu: number, value: number): number {
    const pending = this.#pending;
    for (let i = pending.length - 3; i >= 0; i -= 3)
      if (pending[i] === cpu && pending[i + 1] === location) return pending[i + 2]!;
    const missed = this.#machine.missedWrites;
    if (missed > 0) return this.#earlierWriter(location, missed) ?? mix(value, location, PRIME_B);
    const at = this.#locations.find(location);
    if (at < 0) return mix(value, location, PRIME_B);
    const { fields } = this.#locations;
    return fields[at + LocationField.Value] === value && fields[at + LocationField.ByKernel] === 0
      ? fields[at + LocationField.Writer]!
      : mix(value, location, PRIME_B);
  }

  /** Identity of an earlier write, where a load can look back; undefined for what was there first. */
  #earlierWriter(location: number, missed: number): number | undefined {
    return this.#writers.get(location)?.at(-1 - missed);
  }

  #writtenByKernel(location: number, value: number): void {
    const at = this.#locations.claim(location);
    const { fields } = this.#locations;
    if (this.#machine.buffersStores) this.#follow(location, mix(value, location, PRIME_B));
    fields[at + LocationField.ByKernel] = 1;
    fields[at + LocationField.Value] = value;
  }

  #written(location: number, writer: number, value: number): void {
    const at = this.#locations.claim(location);
    const { fields } = this.#locations;
    if (this.#machine.buffersStores) this.#follow(location, writer);
    fields[at + LocationField.Value] = value;
    fields[at + LocationField.ByKernel] = 0;
    // The same store again is that of a restarted section: it takes the place of the first.
    if (fields[at + LocationField.Writer] === writer) return;
    const low = fields[at + LocationField.OrderLow]!;
    const high = fields[at + LocationField.OrderHigh]!;
    const nextLow = mix(low, writer, PRIME_A);
    const nextHigh = mix(high, writer, PRIME_B);
    fields[at + LocationField.Writer] = writer;
    fields[at + LocationField.OrderLow] = nextLow;
    fields[at + LocationField.OrderHigh] = nextHigh;
    this.#orderLow = (this.#orderLow - weigh(location, low) + weigh(location, nextLow)) | 0;
    this.#orderHigh = (this.#orderHigh - weigh(location, high) + weigh(location, nextHigh)) | 0;
  }

  #follow(location: number, writer: number): void {
    const writers = this.#writers.get(location);
    if (writers === undefined) this.#writers.set(location, [writer]);
    else writers.push(writer);
  }

  /** Where the thread's lanes are; notes where they stand when a new routine begins. */
  #enter(thread: number): number {
    if (thread >= this.#threads) this.#threads = thread + 1;
    const at = thread * LANES;
    const lanes = this.#lanes;
    const operation = this.#registers[thread * REGISTER_STRIDE + RegisterFile.Operations]!;
    if (lanes[at + Lane.Operation] !== operation) {
      lanes[at + Lane.Operation] = operation;
      lanes.copyWithin(at + Lane.StartLow, at + Lane.Low, at + Lane.StartLow);
    }
    return at;
  }

  #note(at: number, what: number, prime: number): void {
    const lanes = this.#lanes;
    lanes[at + Lane.Low] = mix(lanes[at + Lane.Low]!, what, prime);
    lanes[at + Lane.High] = mix(lanes[at + Lane.High]!, what ^ PRIME_C, prime);
  }

  #rollBack(thread: number): void {
    const at = thread * LANES;
    const operation = this.#registers[thread * REGISTER_STRIDE + RegisterFile.Operations]!;
    if (this.#lanes[at + Lane.Operation] !== operation) return;
    this.#lanes.copyWithin(at + Lane.Low, at + Lane.StartLow, at + Lane.StartLow + 3);
  }
}

function mix(state: number, value: number, prime: number): number {
  let hash = Math.imul(state ^ value, prime);
  hash ^= hash >>> 15;
  hash = Math.imul(hash + value, PRIME_C) ^ prime;
  return hash ^ (hash >>> 13);
}

function weigh(location: number, order: number): number {
  return order === 0 ? 0 : mix(order, location, PRIME_B);
}
