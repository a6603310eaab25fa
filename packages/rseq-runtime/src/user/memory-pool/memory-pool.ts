import { Mutex } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, SharedMemory, Thread } from '@rseqlab/sim-machine';
import { HostMemory, atOnce } from './host-memory.js';
import { PoolAllocator } from './pool-allocator.js';
import type { PoolFinding } from './pool-finding.js';
import { PoolGeometry } from './pool-geometry.js';
import type { MemoryPoolOptions } from './pool-geometry.js';
import { PoolItems } from './pool-items.js';
import type { PoolMemory } from './pool-memory.js';
import { PoolRanges } from './pool-ranges.js';
import { ThreadMemory } from './thread-memory.js';

/**
 * Items of one size with a copy for every CPU, `strideBytes` apart: the item of CPU n lies n strides
 * behind that of CPU 0, so that a section needs one address and a CPU number.
 *
 * Pages appear when they are written: a CPU that never touches an item costs no memory for it. The
 * pool's state lies in simulated memory under a mutex; any thread of the process may call it, and no
 * signal handler. Methods that begin with `host` do the same from outside, for setting a run up and
 * for looking at its end; shadow state does not watch what they hand out.
 *
 * A robust pool puts what it finds into {@link findings}, and where the machine keeps shadow state,
 * that knows the items too and finds the access itself.
 *
 * @example
 * ```ts
 * const pool = MemoryPool.create(machine, process, 'counters', { itemBytes: 8 });
 * process.spawn(function* (t) {
 *   const item = yield* pool.zmalloc(t);
 *   yield* t.store(pool.addressOn(item, 1), 7);
 *   yield* pool.free(t, item);
 * });
 * ```
 *
 * @source librseq, rseq/mempool.h
 */
export class MemoryPool {
  /** Name for findings. */
  readonly name: string;
  /** Sizes. */
  readonly geometry: PoolGeometry;
  readonly #machine: Machine;
  readonly #mutex: Mutex;
  readonly #initialValues: SharedMemory | undefined;
  readonly #allocator: PoolAllocator;
  readonly #items: PoolItems;
  readonly #ranges: PoolRanges;
  readonly #host: HostMemory;
  readonly #findings: PoolFinding[] = [];

  private constructor(
    machine: Machine,
    process: Process,
    name: string,
    options: MemoryPoolOptions,
  ) {
    const geometry = new PoolGeometry(options, Math.max(...machine.cpus.possible) + 1);
    const { maxRanges, strideBytes, hasInit } = geometry;
    const state = process.allocate(PoolRanges.stateBytes(maxRanges));
    this.name = name;
    this.geometry = geometry;
    this.#machine = machine;
    this.#mutex = new Mutex(state);
    this.#initialValues = hasInit ? machine.createSharedMemory(maxRanges * strideBytes) : undefined;
    this.#items = new PoolItems(geometry);
    this.#host = new HostMemory(process, this.#initialValues);
    this.#ranges = new PoolRanges(geometry, state, options.initialize);
    this.#allocator = new PoolAllocator(geometry, this.#ranges, this.#items, (finding) => {
      this.#findings.push({ ...finding, pool: name });
    });
  }

  /**
   * Makes an empty pool in a process; it maps nothing yet.
   *
   * @throws RuntimeError `ERR_POOL` for sizes that make no pool
   */
  static create(
    machine: Machine,
    process: Process,
    name: string,
    options: MemoryPoolOptions,
  ): MemoryPool {
    return new MemoryPool(machine, process, name, options);
  }

  /** What a robust pool found so far, in the order in which it looked. */
  get findings(): readonly PoolFinding[] {
    return this.#findings;
  }

  /** Address of an item on a CPU. */
  addressOn(item: number, cpu: number): number {
    return this.#items.addressOn(item, cpu);
  }

  /**
   * An item with whatever was in it; in a robust pool, poison.
   *
   * @returns its address on CPU 0; -ENOMEM when all ranges are full; -EINVAL once destroyed
   */
  malloc(t: Thread): Operation<number> {
    return this.#allocator.allocate(this.#of(t), undefined);
  }

  /** An item of zeros; returns as {@link malloc}. */
  zmalloc(t: Thread): Operation<number> {
    return this.#allocator.allocate(this.#of(t), () => 0);
  }

  /** An item that begins with these words on every CPU, zeros behind them; returns as {@link malloc}. */
  mallocInit(t: Thread, words: readonly number[]): Operation<number> {
    return this.#allocator.allocate(this.#of(t), (offset) => words[offset / 4] ?? 0);
  }

  /** Gives an item back on all CPUs: 0; -EINVAL where no item starts or, in a robust pool, is in use. */
  free(t: Thread, item: number): Operation<number> {
    return this.#allocator.free(this.#of(t), item);
  }

  /** Unmaps everything; a robust pool looks for leaks and uses after free first. 0 or -EINVAL. */
  destroy(t: Thread): Operation<number> {
    return this.#allocator.destroy(this.#of(t));
  }

  /** Whether an item that is handed out starts at an address of CPU 0. */
  *owns(t: Thread, item: number): Operation<boolean> {
    const memory: PoolMemory = this.#of(t);
    yield* memory.lock();
    const range = yield* this.#ranges.rangeOf(memory, item);
    yield* memory.unlock();
    return range !== undefined;
  }

  /** {@link mallocInit} from outside; without words, {@link zmalloc}. */
  hostAllocate(words: readonly number[] = []): number {
    return atOnce(this.#allocator.allocate(this.#host, (offset) => words[offset / 4] ?? 0));
  }

  /** {@link free} from outside. */
  hostFree(item: number): number {
    return atOnce(this.#allocator.free(this.#host, item));
  }

  /** {@link destroy} from outside. */
  hostDestroy(): number {
    return atOnce(this.#allocator.destroy(this.#host));
  }

  #of(t: Thread): ThreadMemory {
    return new ThreadMemory(t, this.#mutex, this.#initialValues, this.#machine.shadow?.allocations);
  }
}
