import { MEMBARRIER_FLAG_CPU, MembarrierCommand } from '../membarrier/membarrier-command.js';
import type { Operation } from '../operation.js';
import { SyscallNumber } from '../syscalls/syscall-number.js';
import type { Thread } from '../thread.js';

/** Carries out a membarrier command; 0, what was asked for, or a negative errno. @source membarrier(2) */
export function membarrier(t: Thread, command: MembarrierCommand): Operation<number> {
  return t.syscall(SyscallNumber.membarrier, command, 0, 0);
}

/**
 * Restarts the section that a thread of this process runs on a CPU, if one does.
 *
 * The process must have carried out RegisterPrivateExpeditedRseq.
 *
 * @returns 0, also when the CPU is offline or runs something else; -EPERM; -EINVAL
 * @source membarrier(2), MEMBARRIER_CMD_FLAG_CPU
 */
export function membarrierRseqOn(t: Thread, cpu: number): Operation<number> {
  const command = MembarrierCommand.PrivateExpeditedRseq;
  return t.syscall(SyscallNumber.membarrier, command, MEMBARRIER_FLAG_CPU, cpu);
}
