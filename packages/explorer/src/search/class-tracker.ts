import { AccessKind, REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { Machine, ShadowObserver } from '@rseqlab/sim-machine';
import { CoherenceOrder } from './coherence-order.js';
import { PRIME_A, PRIME_B, PRIME_C, mix } from './hash-mix.js';

/** Stands for the kernel among the writers of buffered stores. */
const KERNEL = 0;

/** Fields of a store that has not reached memory. */
const PENDING = 5;
type StoreFields = [cpu: number, location: number, writer: number, thread: number, at: number];

/** Stands for the position of a store of an attempt that was aborted before it reached memory. */
const TAKEN_BACK = -1;

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
  readonly #order = new CoherenceOrder();
  /** Stores that have not reached memory, oldest first: (cpu, location, writer, thread, position). */
  readonly #pending: number[] = [];
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
    this.#order.clear();
    this.#pending.length = 0;
  }

  /** Brings {@link low} and {@link high} up to date. */
  compute(): void {
    let { low, high } = this.#order;
    const lanes = this.#lanes;
    for (let thread = 0; thread < this.#threads; thread++) {
      const at = thread * LANES;
      low = (low + mix(lanes[at + Lane.Low]!, thread + 1, PRIME_A)) | 0;
      high = (high + mix(lanes[at + Lane.High]!, thread + 1, PRIME_B)) | 0;
    }
    for (let i = 0; i < this.#pending.length; i += PENDING)
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
        this.#pending.push(cpu, location, writer, thread, position);
      else this.#order.written(location, writer, this.#machine.wordAt(physical), thread, position);
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
    if (this.#machine.buffersStores) this.#pending.push(cpu, location, KERNEL, KERNEL, 0);
    else this.#order.writtenByKernel(location, this.#machine.wordAt(physical));
  }

  storeVisible(physical: number, _size: number, _low: number, cpu: number): void {
    const pending = this.#pending;
    const location = this.#machine.locationKey(physical);
    for (let i = 0; i < pending.length; i += PENDING)
      if (pending[i] === cpu && pending[i + 1] === location) {
        const [, , writer, thread, position] = pending.splice(i, PENDING) as StoreFields;
        const value = this.#machine.wordAt(physical);
        if (writer === KERNEL) this.#order.writtenByKernel(location, value);
        else if (position !== TAKEN_BACK)
          this.#order.written(location, writer, value, thread, position);
        return;
      }
  }

  /** Identity of the write that a load on a CPU took its value from. */
  #writerSeen(location: number, cpu: number, value: number): number {
    const pending = this.#pending;
    for (let i = pending.length - PENDING; i >= 0; i -= PENDING)
      if (pending[i] === cpu && pending[i + 1] === location) {
        const writer = pending[i + 2]!;
        return writer === KERNEL ? mix(value, location, PRIME_B) : writer;
      }
    const missed = this.#machine.missedWrites;
    return missed > 0
      ? this.#order.seenBefore(location, value, missed)
      : this.#order.seen(location, value);
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
    const start = this.#lanes[at + Lane.Start]!;
    this.#order.takeBack(thread, start);
    const pending = this.#pending;
    for (let i = 0; i < pending.length; i += PENDING)
      if (pending[i + 3] === thread && pending[i + 4]! > start) pending[i + 4] = TAKEN_BACK;
    this.#lanes.copyWithin(at + Lane.Low, at + Lane.StartLow, at + Lane.StartLow + 3);
  }
}
