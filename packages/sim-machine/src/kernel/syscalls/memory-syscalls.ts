import type { AddressSpace } from '../../memory/address-space.js';
import type { MemoryObject } from '../../memory/memory-object.js';
import { SyscallNumber } from './syscall-number.js';
import type { SyscallTable } from './syscall-table.js';

/** What the memory calls need of processes. */
export interface MemorySyscallPorts {
  /** The address space of a thread. */
  spaceOf(thread: number): AddressSpace;
  /** The memory object behind a file descriptor of the thread's process, or undefined. */
  objectOf(thread: number, descriptor: number): MemoryObject | undefined;
}

/**
 * Registers the system calls that change an address space.
 *
 * @source mmap(2), munmap(2), mprotect(2), madvise(2), brk(2)
 */
export function registerMemorySyscalls(table: SyscallTable, ports: MemorySyscallPorts): void {
  table.register(
    SyscallNumber.mmap,
    (thread, address, length, protection, flags, descriptor, offset) => {
      const object = descriptor < 0 ? undefined : ports.objectOf(thread, descriptor);
      return ports.spaceOf(thread).mmap(address, length, protection, flags, object, offset);
    },
  );
  table.register(SyscallNumber.munmap, (thread, address, length) =>
    ports.spaceOf(thread).munmap(address, length),
  );
  table.register(SyscallNumber.mprotect, (thread, address, length, protection) =>
    ports.spaceOf(thread).mprotect(address, length, protection),
  );
  table.register(SyscallNumber.madvise, (thread, address, length, advice) =>
    ports.spaceOf(thread).madvise(address, length, advice),
  );
  table.register(SyscallNumber.brk, (thread, address) => ports.spaceOf(thread).brk(address));
}
