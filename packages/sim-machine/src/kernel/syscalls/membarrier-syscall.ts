import type { Membarrier } from '../membarrier/membarrier.js';
import { SyscallNumber } from './syscall-number.js';
import type { SyscallTable } from './syscall-table.js';

/** Registers `membarrier(cmd, flags, cpu_id)`. @source membarrier(2) */
export function registerMembarrierSyscall(table: SyscallTable, membarrier: Membarrier): void {
  table.register(SyscallNumber.membarrier, (thread, command, flags, cpu) =>
    membarrier.command(thread, command, flags, cpu),
  );
}
