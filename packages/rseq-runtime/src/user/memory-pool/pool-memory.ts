import type { Operation } from '@rseqlab/sim-machine';

/** One thing that a pool has mapped. */
export interface PoolMapping {
  /** Bytes, whole pages. */
  readonly length: number;
  /** Sum of `MapFlag`. */
  readonly flags: number;
  /** Where, with a fixed flag. */
  readonly address?: number;
  /** Byte of the pool's initial values; absent for anonymous memory. */
  readonly initialValuesAt?: number;
}

/** Tells shadow state what the pool hands out; all addresses are of one CPU's item. */
export interface PoolShadow {
  /** Bytes are the program's from now on. */
  allocate(start: number, bytes: number): void;
  /** The item that starts here is free. */
  free(start: number): void;
  /** Bytes may not be accessed. */
  forbid(start: number, bytes: number): void;
  /** The pool itself is going to look at the bytes. */
  forget(start: number, bytes: number): void;
}

/**
 * How a pool gets at memory: by the loads, stores and system calls of a thread, or from outside.
 *
 * One algorithm serves both; from outside its operations never yield.
 */
export interface PoolMemory {
  /** Loads a word. */
  load(address: number): Operation<number>;
  /** Stores a word. */
  store(address: number, value: number): Operation<void>;
  /** Takes the pool's lock. */
  lock(): Operation<void>;
  /** Gives it back. */
  unlock(): Operation<void>;
  /** Maps memory; its address, or a negative errno. */
  map(mapping: PoolMapping): Operation<number>;
  /** Unmaps memory; 0 or a negative errno. */
  unmap(address: number, length: number): Operation<number>;
  /** Shadow state, where the machine keeps it and a thread acts. */
  readonly shadow: PoolShadow | undefined;
}

/**
 * Prepares one CPU's part of a new range, under the pool's lock; what it stores populates pages.
 *
 * @returns 0, or a negative errno that the allocation then fails with
 * @source librseq, rseq/mempool.h (rseq_mempool_attr_set_init)
 */
export type RangeInitializer = (
  memory: PoolMemory,
  address: number,
  bytes: number,
  cpu: number,
) => Operation<number>;
