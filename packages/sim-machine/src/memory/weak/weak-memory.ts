import { MachineError } from '../../base/machine-error.js';
import type { StateArena } from '../../base/state-arena.js';
import { type AccessViews, NEWEST_MOMENT, createAccessViews } from '../access-views.js';
import type { MemoryModel, StoreObserver } from '../memory-model.js';
import { FenceKind, MemoryOrder } from '../memory-port.js';
import type { PhysicalMemory } from '../physical-memory.js';
import { shiftedLow, truncated } from '../word-pair.js';
import { CpuViews } from './cpu-views.js';
import { LoadChoice } from './load-choice.js';
import { UnorderedBuffers } from './unordered-buffers.js';
import { WeakState } from './weak-state.js';
import { WriteHistory } from './write-history.js';

/** Entries of the history for each entry of a store buffer. */
const HISTORY_FACTOR = 16;

/** Moments are counted anew when there are so many. */
const LAST_MOMENT = 0x3fffffff;

/** What a {@link WeakMemory} is made of. */
export interface WeakMemoryOptions {
  readonly arena: StateArena;
  /** One more than the highest CPU id. */
  readonly cpus: number;
  /** Stores that a CPU can buffer, and old values of a word that can be found: 1 to 64. */
  readonly capacity: number;
  /** Which of several writes a load takes its value from: 0, the newest, to `count` - 1. */
  choose(count: number): number;
  /** Whether a thread runs on a CPU; one where none does looks at nothing. */
  occupied(cpu: number): boolean;
}

/**
 * A weakly ordered memory, like that of ARMv8 and RISC-V: multi-copy atomic, without load buffering.
 *
 * Stores leave a CPU's buffer in any order but per location, write fence and release. From then on
 * they have a moment in one timeline, the same for all CPUs. A load is satisfied at any moment of the
 * past that its ordering allows: not before the CPU's floor (acquires and read fences raise it), not
 * before the moment of its address (an address dependency), and not before a write of the same word
 * that the CPU has seen. Full fences and atomics drain, and raise the floor to all that the CPU has
 * seen or done.
 *
 * No load is satisfied by a write that comes later than its execution, and so no store comes before a
 * load that precedes it: load buffering is left out. The kernel's own loads find what is there now.
 *
 * What can be looked back at is bounded, so that searches end: a word has as many old values as a
 * buffer has entries; beyond that the oldest is seen by all.
 *
 * @source Pulte et al., "Simplifying ARM Concurrency", POPL 2018, and "Promising-ARM/RISC-V", PLDI
 *   2019, whose views these are, without promises
 */
export class WeakMemory implements MemoryModel {
  readonly direct = false;
  readonly buffersStores = true;
  readonly views: AccessViews = createAccessViews();
  high = 0;
  missedWrites = 0;
  storeObserver: StoreObserver | undefined;
  /** The buffers, for directors and reports. */
  readonly buffers: UnorderedBuffers;
  readonly #memory: PhysicalMemory;
  readonly #cpus: number;
  readonly #history: WriteHistory;
  readonly #cpuViews: CpuViews;
  readonly #choice: LoadChoice;
  readonly #state: WeakState;
  /** Per CPU: the thread that stored last; a switch of threads drains. */
  readonly #threads: Int32Array;

  /** @throws MachineError ERR_CONFIG when the capacity is out of range */
  constructor(memory: PhysicalMemory, options: WeakMemoryOptions) {
    const { arena, cpus, capacity, occupied } = options;
    if (!(Number.isInteger(capacity) && capacity >= 1 && capacity <= 64))
      throw new MachineError(
        'ERR_CONFIG',
        `expected a store buffer of 1 to 64 entries, got ${capacity}`,
      );
    this.#memory = memory;
    this.#cpus = cpus;
    const buffers = (this.buffers = new UnorderedBuffers(arena, cpus, capacity));
    const history = new WriteHistory(memory, arena, HISTORY_FACTOR * capacity);
    const views = new CpuViews(arena, cpus);
    this.#history = history;
    this.#cpuViews = views;
    this.#threads = arena.column('memory.storeBuffer.thread', cpus, 'accounting');
    this.#choice = new LoadChoice(history, this.views, (count) => options.choose(count));
    this.#state = new WeakState({ memory, buffers, history, views, cpus, occupied });
  }

  load(cpu: number, physical: number, size: number, order: MemoryOrder): number {
    const address = order === MemoryOrder.Newest ? 0 : this.#known(this.views.addressMoment);
    this.missedWrites = 0;
    const { stores } = this.buffers;
    const index = stores.count(cpu) === 0 ? -1 : stores.youngestOverlap(cpu, physical, size);
    if (index >= 0) {
      const skipped = physical - stores.physical(cpu, index);
      if (skipped >= 0 && skipped + size <= stores.size(cpu, index)) {
        this.high = stores.high(cpu, index);
        const value = shiftedLow(stores.low(cpu, index), this.high, skipped * 8);
        this.#satisfy(cpu, Math.max(address, this.buffers.momentOf(cpu, index)), order);
        return truncated(value, size);
      }
      for (let older = 0; older <= index; older++) this.#drain(cpu, 0);
    }
    return this.#look(cpu, physical, size, order, address);
  }

  peek(cpu: number, physical: number): number | undefined {
    const { stores } = this.buffers;
    const index = stores.count(cpu) === 0 ? -1 : stores.youngestOverlap(cpu, physical, 4);
    if (index < 0) return this.#memory.read(physical, 4);
    const skipped = physical - stores.physical(cpu, index);
    if (skipped < 0 || skipped + 4 > stores.size(cpu, index)) return undefined;
    return shiftedLow(stores.low(cpu, index), stores.high(cpu, index), skipped * 8);
  }

  differs(cpu: number, physical: number, value: number, moment: number): boolean {
    if (this.peek(cpu, physical) !== value) return true;
    const { stores } = this.buffers;
    if (stores.count(cpu) > 0 && stores.youngestOverlap(cpu, physical, 4) >= 0) return false;
    const first = physical >> 2;
    const last = (physical + 3) >> 2;
    const bound = Math.max(
      this.#known(moment),
      this.#cpuViews.floor(cpu),
      this.#cpuViews.seen(cpu, first, last),
    );
    const count = this.#history.find(first, last, bound);
    return this.#choice.differs(physical, value, count, bound);
  }

  store(
    cpu: number,
    thread: number,
    physical: number,
    size: number,
    low: number,
    high: number,
    order: MemoryOrder,
  ): void {
    const { buffers, views } = this;
    if (buffers.stores.count(cpu) === buffers.stores.capacity) this.#drain(cpu, 0);
    this.#threads[cpu] = thread;
    buffers.stores.push(cpu, physical, size, low, high);
    const moment = Math.max(this.#known(views.addressMoment), this.#known(views.dataMoment));
    buffers.pushed(cpu, order === MemoryOrder.Release, moment);
  }

  beginAtomic(cpu: number): void {
    this.missedWrites = 0;
    this.drainAll(cpu);
  }

  writeAtomic(cpu: number, physical: number, size: number, value: number): void {
    this.#cpuViews.raise(cpu, this.#write(cpu, physical, size, value, 0));
  }

  fence(cpu: number, kind: FenceKind): void {
    const views = this.#cpuViews;
    switch (kind) {
      case FenceKind.Full:
        this.#drainBuffer(cpu);
        views.raise(cpu, Math.max(views.loaded(cpu), views.stored(cpu)));
        return;
      case FenceKind.Read:
        views.raise(cpu, views.loaded(cpu));
        return;
      case FenceKind.Write:
        this.buffers.fence(cpu);
    }
  }

  drainAll(cpu: number): void {
    this.#drainBuffer(cpu);
    this.catchUp(cpu);
  }

  catchUp(cpu: number): void {
    this.#cpuViews.raise(cpu, this.#history.now);
  }

  mayDrain(cpu: number, index: number): boolean {
    return this.buffers.mayDrain(cpu, index);
  }

  drainOne(cpu: number, index: number): boolean {
    if (!this.mayDrain(cpu, index)) return false;
    this.#drain(cpu, index);
    return true;
  }

  pendingStores(cpu: number): number {
    return this.buffers.stores.count(cpu);
  }

  /** As the interrupt of a TLB shootdown does, on every CPU that may look at the frame. */
  drainFrame(frame: number): void {
    for (let cpu = 0; this.buffers.stores.total > 0 && cpu < this.#cpus; cpu++)
      if (this.buffers.touch(cpu, frame)) this.#drainBuffer(cpu);
    if (this.#history.touches(frame)) this.#forget(this.#history.now);
  }

  addState(add: (word: number) => void): void {
    this.#state.add(add);
  }

  rankOf(cpu: number, moment: number): number {
    return this.#state.rankOf(cpu, this.#known(moment));
  }

  /** Loads what is, or was, in memory. */
  #look(cpu: number, physical: number, size: number, order: MemoryOrder, address: number): number {
    const views = this.#cpuViews;
    const history = this.#history;
    const first = physical >> 2;
    const last = (physical + size - 1) >> 2;
    const earliest = Math.max(views.floor(cpu), address);
    const seen = views.seen(cpu, first, last);
    const bound = Math.max(earliest, seen);
    const count = history.find(first, last, bound);
    const skipped =
      count === 0 || order === MemoryOrder.Newest ? 0 : this.#choice.skip(physical, count, bound);
    if (skipped < 0) return this.views.awaited;
    const moment = this.#choice.momentOf(skipped, count, bound);
    const value = history.read(physical, size, moment);
    if (size === 8) this.high = history.high;
    if (skipped > 0) this.missedWrites = history.countOf(first, moment);
    for (let word = first; word <= last; word++)
      views.see(cpu, word, history.lastBefore(word, word, moment, views.floor(cpu)));
    const written = Math.max(
      skipped < count ? 0 : seen,
      history.lastBefore(first, last, moment, earliest),
    );
    this.#satisfy(cpu, Math.max(earliest, written), order);
    return value;
  }

  #satisfy(cpu: number, moment: number, order: MemoryOrder): void {
    this.views.resultMoment = moment;
    this.#cpuViews.load(cpu, moment);
    if (order === MemoryOrder.Acquire) this.#cpuViews.raise(cpu, moment);
  }

  #drainBuffer(cpu: number): void {
    for (let left = this.buffers.stores.count(cpu); left > 0; left--) this.#drain(cpu, 0);
  }

  #drain(cpu: number, index: number): void {
    const { stores } = this.buffers;
    const physical = stores.physical(cpu, index);
    const size = stores.size(cpu, index);
    const low = stores.low(cpu, index);
    this.#write(cpu, physical, size, low, stores.high(cpu, index));
    this.buffers.remove(cpu, index);
    this.storeObserver?.storeVisible(physical, size, low, cpu, this.#threads[cpu]!);
  }

  /** Writes to memory and returns the moment. */
  #write(cpu: number, physical: number, size: number, low: number, high: number): number {
    const first = physical >> 2;
    const last = (physical + size - 1) >> 2;
    this.#makeRoom(first, last);
    const moment = this.#history.record(first, last);
    this.#memory.write(physical, size, low, high);
    this.#cpuViews.store(cpu, moment);
    for (let word = first; word <= last; word++) this.#cpuViews.see(cpu, word, moment);
    return moment;
  }

  /** Makes room in the history; what nobody can find any more goes first. */
  #makeRoom(first: number, last: number): void {
    const history = this.#history;
    const { capacity } = this.buffers.stores;
    if (history.now >= LAST_MOMENT) {
      history.restart();
      this.#cpuViews.restart();
      this.buffers.restart(this.#cpus);
    }
    const isFull = (): boolean => {
      for (let word = first; word <= last; word++)
        if (history.countOf(word, -1) >= capacity) return true;
      return history.length + last - first >= history.capacity;
    };
    if (!isFull()) return;
    history.keep((entry) => this.#state.isNeeded(entry));
    while (isFull()) this.#forget(history.momentAt(0));
  }

  /** Makes every CPU see what was written up to a moment. */
  #forget(moment: number): void {
    for (let cpu = 0; cpu < this.#cpus; cpu++) this.#cpuViews.raise(cpu, moment);
    this.#history.forget(moment);
  }

  /** A register's moment; those from before moments were counted anew are long past. */
  #known(moment: number): number {
    if (moment === NEWEST_MOMENT) return this.#history.now;
    return moment > this.#history.now ? 0 : moment;
  }
}
