import type { Thread } from '../thread.js';

/**
 * Scratch memory of C library functions that call no others: the 128 bytes below the stack pointer,
 * which signal frames leave alone.
 *
 * @returns the lowest address
 * @source the x86-64 psABI, section 3.2.2
 */
export function redZone(t: Thread): number {
  return t.stackPointer - 128;
}
