/** What an access orders besides itself. */
export const MemoryOrder = {
  /** Nothing. */
  Plain: 0,
  /** Later accesses of the CPU stay after this load. */
  Acquire: 1,
  /** Earlier accesses of the CPU stay before this store. */
  Release: 2,
  /** A load of the kernel, whose locks see to it that it finds what is there now. */
  Newest: 3,
} as const;

/** One of the {@link MemoryOrder} values. */
export type MemoryOrder = (typeof MemoryOrder)[keyof typeof MemoryOrder];

/** Which accesses a fence keeps apart. */
export const FenceKind = {
  /** All earlier accesses from all later ones; drains a store buffer. */
  Full: 0,
  /** Earlier loads from later accesses. */
  Read: 1,
  /** Earlier stores from later stores. */
  Write: 2,
} as const;

/** One of the {@link FenceKind} values. */
export type FenceKind = (typeof FenceKind)[keyof typeof FenceKind];

/**
 * The slow path of every memory access, and what else a CPU asks of the world around it.
 *
 * Addresses are virtual and passed as int32 (the address is `address >>> 0`), so that no call
 * boxes a number. The acting CPU, thread and address space are the port's own business.
 *
 * After every access the caller looks at `fault`: when it is not 0 the access did not happen, the
 * returned value means nothing, and the thread stops in front of the instruction.
 */
export interface MemoryPort {
  /** 0 when the last access completed; otherwise why it did not. Every access sets it. */
  readonly fault: number;
  /** The upper word of the last 64-bit load. */
  readonly high: number;

  /**
   * Loads 1, 2, 4 or 8 bytes.
   *
   * @returns the value, zero-extended; 32 bits as int32; of 64 bits the low word, with the upper one
   *   in `high`
   */
  load(address: number, size: number, order: MemoryOrder): number;

  /**
   * Stores 1, 2, 4 or 8 bytes.
   *
   * @param low the value; of sizes below 4 only the low bits are set
   * @param high the upper word of a 64-bit store, else 0
   */
  store(address: number, size: number, low: number, high: number, order: MemoryOrder): void;

  /** Stores `desired` where the word equals `expected`; atomic, fully ordered. @returns the old word */
  compareExchange(address: number, expected: number, desired: number): number;

  /** Replaces the word; atomic, fully ordered. @returns the old word */
  exchange(address: number, value: number): number;

  /** Adds to the word, wrapping; atomic, fully ordered. @returns the old word */
  fetchAdd(address: number, value: number): number;

  /** Ands into the word; atomic, fully ordered. @returns the old word */
  fetchAnd(address: number, value: number): number;

  /** Ors into the word; atomic, fully ordered. @returns the old word */
  fetchOr(address: number, value: number): number;

  /** Exclusive-ors into the word; atomic, fully ordered. @returns the old word */
  fetchXor(address: number, value: number): number;

  /** Executes a fence; never faults. */
  fence(kind: FenceKind): void;

  /** The CPU's clock, low 32 bits, as int32. */
  clock(): number;

  /** The number of the CPU that executes, as hardware knows it. */
  cpu(): number;
}
