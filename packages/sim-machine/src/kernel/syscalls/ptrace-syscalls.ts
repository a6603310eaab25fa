import type { Ptrace } from '../process/ptrace.js';
import { SyscallNumber } from './syscall-number.js';
import type { SyscallTable } from './syscall-table.js';

/** Registers ptrace. */
export function registerPtraceSyscall(table: SyscallTable, ptrace: Ptrace): void {
  table.register(SyscallNumber.ptrace, (thread, request, pid, address, data) =>
    ptrace.ptrace(thread, request, pid, address, data),
  );
}
