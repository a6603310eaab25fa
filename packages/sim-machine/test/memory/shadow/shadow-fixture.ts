import type { AddressSpace } from '../../../src/memory/address-space.js';
import { type FenceKind, MemoryOrder } from '../../../src/memory/memory-port.js';
import type { MemorySystemOptions } from '../../../src/memory/memory-system.js';
import type { MemorySystem } from '../../../src/memory/memory-system.js';
import type { ThreadPlaces } from '../../../src/memory/shadow/access-place.js';
import { ShadowState } from '../../../src/memory/shadow/shadow-state.js';
import { createFixture, mapPages } from '../fixture.js';

/** A process of threads, each on the CPU of its number, whose accesses are followed. */
export class WatchedProcess implements ThreadPlaces {
  readonly memory: MemorySystem;
  readonly shadow: ShadowState;
  readonly process: AddressSpace;
  /** Two pages of data. */
  readonly at: number;
  #step = 0;
  #ip = 0x400000;
  readonly #spaces = new Map<number, AddressSpace>();

  constructor(options: Partial<MemorySystemOptions> = {}) {
    this.memory = createFixture({ cpus: 8, ...options }).memory;
    this.shadow = new ShadowState(this, this.memory.model.buffersStores);
    this.memory.attach({ shadow: this.shadow });
    this.process = this.memory.spaces.create();
    this.at = mapPages(this.process, 2);
  }

  ip(): number {
    return this.#ip;
  }
  cpu(thread: number): number {
    return thread;
  }
  space(thread: number): number {
    return this.spaceOf(thread).id;
  }
  step(): number {
    return this.#step;
  }

  spaceOf(thread: number): AddressSpace {
    return this.#spaces.get(thread) ?? this.process;
  }

  /** Moves a thread to another address space. */
  move(thread: number, space: AddressSpace): void {
    this.#spaces.set(thread, space);
  }

  /** The next accesses are made by this instruction. */
  goto(ip: number): this {
    this.#ip = ip;
    return this;
  }

  load(thread: number, offset: number, size = 4, order: MemoryOrder = MemoryOrder.Plain): this {
    this.#enter(thread);
    this.memory.bus.load(this.at + offset, size, order);
    return this;
  }

  store(
    thread: number,
    offset: number,
    value = 1,
    size = 4,
    order: MemoryOrder = MemoryOrder.Plain,
  ): this {
    this.#enter(thread);
    this.memory.bus.store(this.at + offset, size, value, 0, order);
    return this;
  }

  acquire(thread: number, offset: number): this {
    return this.load(thread, offset, 4, MemoryOrder.Acquire);
  }

  release(thread: number, offset: number): this {
    return this.store(thread, offset, 1, 4, MemoryOrder.Release);
  }

  update(thread: number, offset: number): this {
    this.#enter(thread);
    this.memory.bus.fetchAdd(this.at + offset, 1);
    return this;
  }

  compareExchange(thread: number, offset: number, expected: number): this {
    this.#enter(thread);
    this.memory.bus.compareExchange(this.at + offset, expected, 1);
    return this;
  }

  fence(thread: number, kind: FenceKind): this {
    this.#enter(thread);
    this.memory.bus.fence(kind);
    return this;
  }

  kernelPut(thread: number, offset: number): this {
    this.#enter(thread);
    this.memory.user.putUser32(this.spaceOf(thread), this.at + offset, 1);
    return this;
  }

  kernelGet(thread: number, offset: number): this {
    this.#enter(thread);
    this.memory.user.getUser32(this.spaceOf(thread), this.at + offset);
    return this;
  }

  /** The thread takes the one lock of the kernel that there is. */
  lock(thread: number): this {
    this.shadow.races!.acquire(thread, 7);
    return this;
  }

  unlock(thread: number): this {
    this.shadow.races!.release(thread, 7);
    return this;
  }

  started(creator: number, thread: number): this {
    this.shadow.races!.threadStarted(creator, thread);
    return this;
  }

  joined(waiter: number, ended: number): this {
    this.shadow.races!.threadJoined(waiter, ended);
    return this;
  }

  markData(offset: number, size: number): this {
    this.shadow.races!.marks.markData(this.at + offset, size);
    return this;
  }

  allocate(offset: number, size: number): this {
    this.shadow.allocations!.allocate(0, this.at + offset, size);
    return this;
  }

  free(offset: number): this {
    this.shadow.allocations!.free(0, this.at + offset);
    return this;
  }

  poison(offset: number, size: number): this {
    this.shadow.allocations!.poison(0, this.at + offset, size);
    return this;
  }

  /** What the allocator gave away comes back for good. */
  forget(offset: number, size: number): this {
    this.shadow.allocations!.forget(0, this.at + offset, size);
    return this;
  }

  /** Kinds of findings so far. */
  get kinds(): string[] {
    return this.shadow.findings().map(({ finding }) => finding);
  }

  #enter(thread: number): void {
    this.#step++;
    this.memory.bus.enter(thread, thread, this.spaceOf(thread));
  }
}
