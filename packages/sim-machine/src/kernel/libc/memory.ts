import { MapFlag, Protection } from '../../memory/mapping-flags.js';
import type { Operation } from '../operation.js';
import { SyscallNumber } from '../syscalls/syscall-number.js';
import type { Thread } from '../thread.js';

/** What to map; everything but the length has a default. */
export interface MapRequest {
  /** Bytes, rounded up to whole pages. */
  readonly length: number;
  /** Where: a hint, or exactly with a fixed flag; default the kernel's choice. */
  readonly address?: number;
  /** Sum of `Protection`; default read and write. */
  readonly protection?: number;
  /** Sum of `MapFlag`; default private and anonymous. */
  readonly flags?: number;
  /** File descriptor of a memory object; default none. */
  readonly descriptor?: number;
  /** Byte of the object at the first address; default 0. */
  readonly offset?: number;
}

/** Maps memory; its address, or a negative errno. @source mmap(2) */
export function mmap(t: Thread, request: MapRequest): Operation<number> {
  return t.syscall(
    SyscallNumber.mmap,
    request.address ?? 0,
    request.length,
    request.protection ?? Protection.Read | Protection.Write,
    request.flags ?? MapFlag.Private | MapFlag.Anonymous,
    request.descriptor ?? -1,
    request.offset ?? 0,
  );
}

/** Unmaps memory; 0 or a negative errno. @source munmap(2) */
export function munmap(t: Thread, address: number, length: number): Operation<number> {
  return t.syscall(SyscallNumber.munmap, address, length);
}

/** Changes what may be done with memory; 0 or a negative errno. @source mprotect(2) */
export function mprotect(
  t: Thread,
  address: number,
  length: number,
  protection: number,
): Operation<number> {
  return t.syscall(SyscallNumber.mprotect, address, length, protection);
}

/** Advises the kernel; 0 or a negative errno. @param advice one of `Advice` @source madvise(2) */
export function madvise(
  t: Thread,
  address: number,
  length: number,
  advice: number,
): Operation<number> {
  return t.syscall(SyscallNumber.madvise, address, length, advice);
}

/** Moves the end of the heap; the new end, or the old one where it cannot. @source brk(2) */
export function brk(t: Thread, address: number): Operation<number> {
  return t.syscall(SyscallNumber.brk, address);
}
