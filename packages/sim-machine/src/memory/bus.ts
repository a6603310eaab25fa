import { AccessKind } from './access-kind.js';
import type { AddressSpace } from './address-space.js';
import { AtomicOperation, atomicResult } from './atomic-operation.js';
import type { BusHooks } from './bus-hooks.js';
import { type FaultHandler, reportFault } from './fault-handler.js';
import { FaultAccess, FaultOutcome, LAST_RESOLVED_OUTCOME } from './fault-outcome.js';
import type { MemoryModel, StoreObserver } from './memory-model.js';
import { type FenceKind, MemoryOrder, type MemoryPort } from './memory-port.js';
import { PAGE_BYTES, PAGE_OFFSET_MASK, PAGE_SHIFT } from './page.js';
import { FRAME_ADDRESS_MASK, PageEntry, READABLE_ENTRY, WRITABLE_ENTRY } from './page-entry.js';
import type { PageTables } from './page-tables.js';
import type { PhysicalMemory } from './physical-memory.js';
import { SplitAccess } from './split-access.js';
import type { TranslationCache } from './translation-cache.js';

/** The clocks of the CPUs, for `rdclk`. */
export interface CpuClock {
  /** The CPU's clock, low 32 bits, as int32. */
  now(cpu: number): number;
}

/** What a bus connects. */
export interface BusParts {
  readonly memory: PhysicalMemory;
  readonly tables: PageTables;
  readonly translations: TranslationCache;
  readonly model: MemoryModel;
  readonly faults: FaultHandler;
  readonly clock: CpuClock;
}

/** In place of a physical address: the access did not happen. */
const FAULTED = -1;
/** In place of a physical address: the access crosses pages; the split access knows where. */
const CROSSING = -2;

/**
 * The path of every access that executors do not make themselves: translation, faults, memory model,
 * and whoever listens.
 *
 * With a direct memory model and nobody listening it lets executors reach the page themselves from
 * then on (see TranslationCache); otherwise every access comes here.
 */
export class Bus implements MemoryPort, StoreObserver {
  fault: number = FaultOutcome.None;
  high = 0;
  readonly #memory: PhysicalMemory;
  readonly #tables: PageTables;
  readonly #translations: TranslationCache;
  readonly #model: MemoryModel;
  readonly #faults: FaultHandler;
  readonly #clock: CpuClock;
  readonly #split: SplitAccess;
  #hooks: BusHooks = {};
  #observed = false;
  #direct: boolean;
  #cpu = 0;
  #thread = 0;
  #space: AddressSpace | undefined;
  #table = 0;
  #region = 0;

  constructor(parts: BusParts) {
    this.#memory = parts.memory;
    this.#tables = parts.tables;
    this.#translations = parts.translations;
    this.#model = parts.model;
    this.#faults = parts.faults;
    this.#clock = parts.clock;
    this.#split = new SplitAccess(parts.model);
    this.#direct = parts.model.direct;
  }

  /** Whether executors may reach pages themselves at present. */
  get direct(): boolean {
    return this.#direct;
  }

  /** Its region of the translation cache. */
  get region(): number {
    return this.#region;
  }

  /** The CPU whose accesses come next: for the kernel, which pays nothing for knowing it. */
  get currentCpu(): number {
    return this.#cpu;
  }

  /** The thread whose accesses come next. */
  get thread(): number {
    return this.#thread;
  }

  /** Replaces what listens; at any time between two accesses. */
  attach(hooks: BusHooks): void {
    this.#hooks = hooks;
    const { observer, fences, shadow, cost } = hooks;
    this.#observed = (observer ?? fences ?? shadow ?? cost) !== undefined;
    this.#direct = this.#model.direct && !this.#observed;
    this.#model.storeObserver = (observer ?? shadow) === undefined ? undefined : this;
    this.#translations.reset();
  }

  /** Says whose accesses come next; before a thread runs on a CPU, every time. */
  enter(cpu: number, thread: number, space: AddressSpace): void {
    this.turn(cpu, thread);
    if (space === this.#space) return;
    this.#space = space;
    this.#table = space.pages.table;
    this.#region = space.translations;
  }

  /** Like {@link enter}, for a thread in the address space that was entered last. */
  turn(cpu: number, thread: number): void {
    this.#cpu = cpu;
    this.#thread = thread;
  }

  load(address: number, size: number, order: MemoryOrder): number {
    const physical = this.#translate(address, size, FaultAccess.Read);
    if (physical === FAULTED) return 0;
    let value: number;
    if (physical === CROSSING) {
      value = this.#split.load(this.#cpu, size, order);
      this.high = this.#split.high;
    } else {
      value = this.#model.load(this.#cpu, physical, size, order);
      if (size === 8) this.high = this.#model.high;
    }
    if (this.#observed) this.#observe(AccessKind.Load, physical, size, value, address, order);
    return value;
  }

  store(address: number, size: number, low: number, high: number, order: MemoryOrder): void {
    const physical = this.#translate(address, size, FaultAccess.Write);
    if (physical === FAULTED) return;
    if (physical === CROSSING) this.#split.store(this.#cpu, this.#thread, size, low, high, order);
    else this.#model.store(this.#cpu, this.#thread, physical, size, low, high, order);
    if (this.#observed) this.#observe(AccessKind.Store, physical, size, low, address, order);
  }

  compareExchange(address: number, expected: number, desired: number): number {
    return this.#update(address, AtomicOperation.CompareExchange, desired, expected);
  }

  exchange(address: number, value: number): number {
    return this.#update(address, AtomicOperation.Exchange, value, 0);
  }

  fetchAdd(address: number, value: number): number {
    return this.#update(address, AtomicOperation.Add, value, 0);
  }

  fetchAnd(address: number, value: number): number {
    return this.#update(address, AtomicOperation.And, value, 0);
  }

  fetchOr(address: number, value: number): number {
    return this.#update(address, AtomicOperation.Or, value, 0);
  }

  fetchXor(address: number, value: number): number {
    return this.#update(address, AtomicOperation.Xor, value, 0);
  }

  fence(kind: FenceKind): void {
    this.#model.fence(this.#cpu, kind);
    if (!this.#observed) return;
    const { cost, shadow, fences } = this.#hooks;
    cost?.chargeFence(kind, this.#cpu);
    shadow?.onFence(kind, this.#cpu, this.#thread);
    fences?.onFence(kind, this.#cpu, this.#thread);
  }

  clock(): number {
    const cycles = this.#clock.now(this.#cpu);
    this.#hooks.cost?.chargeClockRead(this.#cpu);
    return cycles;
  }

  cpu(): number {
    this.#hooks.cost?.chargeCpuNumberRead(this.#cpu);
    return this.#cpu;
  }

  /** Lets executors reach a page that the kernel has found accessible for them, where they may. */
  reached(space: AddressSpace, address: number, entry: number): void {
    if (!this.#direct) return;
    const writable = (entry & PageEntry.Writable) !== 0;
    this.#translations.fill(space.translations, address, entry & FRAME_ADDRESS_MASK, writable);
  }

  storeVisible(physical: number, size: number, low: number, cpu: number, thread: number): void {
    this.#hooks.shadow?.storeVisible(physical, size, low, cpu, thread);
    const kind = AccessKind.Store;
    this.#hooks.observer?.onAccess(kind, physical, size, low, cpu, thread, -1, MemoryOrder.Plain);
  }

  /** The physical address of an access that can go on, or FAULTED, or CROSSING. */
  #translate(address: number, size: number, access: FaultAccess): number {
    this.fault = FaultOutcome.None;
    const offset = address & PAGE_OFFSET_MASK;
    if (offset + size > PAGE_BYTES) return this.#translateBoth(address, access);
    const needed = access === FaultAccess.Write ? WRITABLE_ENTRY : READABLE_ENTRY;
    let entry = this.#tables.get(this.#table, address >>> PAGE_SHIFT);
    if ((entry & needed) !== needed) {
      entry = this.#pageFault(address, access);
      if (entry === 0) return FAULTED;
    }
    const frame = entry & FRAME_ADDRESS_MASK;
    this.reached(this.#space!, address, entry);
    return frame | offset;
  }

  /** Both pages are made accessible before anything is accessed. */
  #translateBoth(address: number, access: FaultAccess): number {
    const upperAddress = (address & FRAME_ADDRESS_MASK) + PAGE_BYTES;
    const lower = this.#translate(address, 1, access);
    if (lower === FAULTED) return FAULTED;
    const upper = this.#translate(upperAddress | 0, 1, access);
    if (upper === FAULTED) return FAULTED;
    this.#split.lower = lower;
    this.#split.upper = upper;
    return CROSSING;
  }

  /** Resolves a fault; the page's entry, or 0 when the access cannot go on. */
  #pageFault(address: number, access: FaultAccess): number {
    const space = this.#space!;
    const outcome = space.resolve(address, access);
    if (outcome !== FaultOutcome.None) reportFault(this.#faults, address, outcome);
    if (outcome <= LAST_RESOLVED_OUTCOME) return space.pages.entry(address);
    this.fault = outcome;
    return 0;
  }

  #update(address: number, operation: AtomicOperation, operand: number, expected: number): number {
    const physical = this.#translate(address, 4, FaultAccess.Write);
    if (physical === FAULTED) return 0;
    this.#model.beginAtomic(this.#cpu);
    const old =
      physical === CROSSING
        ? this.#split.load(this.#cpu, 4, MemoryOrder.Plain)
        : this.#memory.read(physical, 4);
    const failed = operation === AtomicOperation.CompareExchange && old !== expected;
    if (!failed) {
      const value = atomicResult(operation, old, operand);
      if (physical === CROSSING) this.#split.writeWord(this.#cpu, value);
      else this.#model.writeAtomic(this.#cpu, physical, 4, value);
    }
    if (this.#observed) {
      const kind = failed ? AccessKind.FailedUpdate : AccessKind.Update;
      this.#observe(kind, physical, 4, old, address, MemoryOrder.Plain);
    }
    return old;
  }

  #observe(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    address: number,
    order: MemoryOrder,
  ): void {
    if (order !== MemoryOrder.Plain) this.#hooks.cost?.chargeOrder(order, this.#cpu);
    if (physical !== CROSSING) {
      this.#tell(kind, physical, size, value, address, order);
      return;
    }
    const first = this.#split.lowerBytes;
    this.#tell(kind, this.#split.lower, first, value, address, order);
    this.#tell(kind, this.#split.upper, size - first, value, address + first, order);
  }

  #tell(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    address: number,
    order: MemoryOrder,
  ): void {
    const { cost, shadow, observer } = this.#hooks;
    const cpu = this.#cpu;
    const thread = this.#thread;
    cost?.chargeAccess(kind, physical, size, cpu);
    shadow?.onAccess(kind, physical, size, value, cpu, thread, address, order);
    if (kind !== AccessKind.Store || !this.#model.buffersStores)
      observer?.onAccess(kind, physical, size, value, cpu, thread, address, order);
  }
}
