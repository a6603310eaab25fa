import type { AccessViews } from './access-views.js';
import type { FenceKind, MemoryOrder } from './memory-port.js';

/** Told when a store that was buffered reaches memory, where all CPUs see it. */
export interface StoreObserver {
  /**
   * Takes note of a store that all CPUs see from now on.
   *
   * @param physical address of the first byte
   * @param size 1 to 8 bytes
   * @param low the value's lower word
   * @param thread the thread that stored
   */
  storeVisible(physical: number, size: number, low: number, cpu: number, thread: number): void;
}

/** What whoever takes a frame away, copies it or write-protects it needs of a memory model. */
export interface FrameQuiescence {
  /** Makes all buffered stores to the frame visible, as the interrupt of a TLB shootdown does. */
  drainFrame(frame: number): void;
}

/**
 * When the CPUs see each other's stores.
 *
 * The bus has translated addresses; no access crosses a page. Which model is plugged in is known to
 * nobody else.
 */
export interface MemoryModel extends FrameQuiescence {
  /** Whether a plain access of physical memory is all there is to an access. */
  readonly direct: boolean;
  /** Whether a store can become visible later than it was executed. */
  readonly buffersStores: boolean;
  /** The upper word of the last 8-byte load. */
  readonly high: number;
  /** What the model has to be told of an access; undefined when nothing. */
  readonly views: AccessViews | undefined;
  /** How many newer writes to its first word the last load did not see. */
  readonly missedWrites: number;
  /** Listens to stores that become visible; only models that buffer stores call it. */
  storeObserver: StoreObserver | undefined;

  /** Loads 1, 2, 4 or 8 bytes; returns as `MemoryPort.load` does. */
  load(cpu: number, physical: number, size: number, order: MemoryOrder): number;

  /**
   * What a 32-bit load of the CPU would find, without making it: nothing changes.
   *
   * @param physical of a word that does not cross pages
   * @returns an int32; undefined where the load would first have to make stores visible
   */
  peek(cpu: number, physical: number): number | undefined;

  /**
   * Whether a 32-bit load of the CPU could find something else than a value: nothing changes.
   *
   * @param moment how far back it looks at most, see {@link AccessViews.addressMoment}
   */
  differs(cpu: number, physical: number, value: number, moment: number): boolean;

  /** Stores the low `size` (1 to 8) bytes of a value. */
  store(
    cpu: number,
    thread: number,
    physical: number,
    size: number,
    low: number,
    high: number,
    order: MemoryOrder,
  ): void;

  /** Prepares an atomic operation of the CPU: from here to its end it has memory to itself. */
  beginAtomic(cpu: number): void;

  /** Writes the low `size` (1 to 4) bytes of a value, as the end of an atomic operation. */
  writeAtomic(cpu: number, physical: number, size: number, value: number): void;

  /** Executes a fence. */
  fence(cpu: number, kind: FenceKind): void;

  /** Makes all stores of the CPU visible: context switch, migration, an interrupt, hot-unplug. */
  drainAll(cpu: number): void;

  /** No later load of the CPU looks back behind the present; its stores stay where they are. */
  catchUp(cpu: number): void;

  /** Whether the CPU's buffered store number `index`, 0 for the oldest, may become visible now. */
  mayDrain(cpu: number, index: number): boolean;

  /** Makes a buffered store visible; false when {@link mayDrain} is. */
  drainOne(cpu: number, index: number): boolean;

  /** How many stores of the CPU are not visible yet. */
  pendingStores(cpu: number): number;

  /** Adds what tells states of the model apart and is in no semantic column. */
  addState(add: (word: number) => void): void;

  /** What a moment that a CPU's thread knows amounts to, for telling states apart. */
  rankOf(cpu: number, moment: number): number;
}
