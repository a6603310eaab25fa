import type { Operation } from '../operation.js';
import type { Thread } from '../thread.js';

const NS_PER_SECOND = 1_000_000_000;

/** Where the C library keeps times for system calls: in the red zone, 32 bytes below the stack. */
const SCRATCH_OFFSET = 32;

/**
 * The thread's scratch memory, 32 bytes that hold until its next call into this library; a signal
 * handler has its own.
 */
export function scratchAddress(t: Thread): number {
  return t.stackPointer - SCRATCH_OFFSET;
}

/** Stores a time or duration in ns as a struct timespec in scratch memory; returns its address. */
export function* storeTimespec(t: Thread, ns: number, offset = 0): Operation<number> {
  const address = scratchAddress(t) + offset;
  const seconds = Math.floor(ns / NS_PER_SECOND);
  yield* t.store(address, seconds);
  yield* t.store(address + 4, ns - seconds * NS_PER_SECOND);
  return address;
}

/** Loads a struct timespec as ns: exact below 2^53, which is 104 days. */
export function* loadTimespec(t: Thread, address: number): Operation<number> {
  const seconds = yield* t.load(address);
  const nanoseconds = yield* t.load(address + 4);
  return seconds * NS_PER_SECOND + nanoseconds;
}
