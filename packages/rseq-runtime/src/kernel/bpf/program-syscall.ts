import { CostKind, Errno } from '@rseqlab/sim-machine';
import type { KernelPort, SyscallHandler } from '@rseqlab/sim-machine';
import { runOnCpu } from '../run-on-cpu.js';
import { ProgramCopy } from './program-copy.js';

/** What is below its negative is no errno. @source include/linux/err.h (MAX_ERRNO) */
const MAX_ERRNO = 4095;

/** What tells the calls for classic and for extended programs apart. */
export interface ProgramKind {
  /** Kernel instructions that verifying one instruction takes, an estimate. */
  readonly verifyInstructions: number;
  /** Whether the kernel may run the program. */
  accepts(words: Int32Array, count: number): boolean;
  /**
   * Runs a program that was accepted.
   *
   * @param cpu the CPU that the caller asked for
   * @returns its result, or a negative errno
   */
  run(words: Int32Array, count: number, cpu: number): number;
}

/**
 * Makes the system call (insns, count, cpu, flags) that runs a program on a CPU with preemption off.
 *
 * A program is not kept: as the vector of cpu_opv it is copied and checked at every call, and what
 * varies between calls is built into it. So the three can be compared call by call.
 *
 * Errors, in the order of the checks: -EINVAL for flags other than 0, for a CPU that is not
 * possible, for a count below 1 or above 4096; -EFAULT when the program cannot be read; -EINVAL when
 * the verifier refuses it; -EINVAL for a CPU outside the caller's affinity mask. Otherwise what the
 * program returned, as an int32: it may say -EFAULT itself. What is below every errno is -EINVAL.
 *
 * There is no list of pages to be pinned: what a program accesses is known when it does. A page that
 * is not there is brought in by the access. (A kernel would have to leave the CPU for that, and run
 * the program again from the start, which is the same as long as it has stored nothing.)
 */
export function programSyscall(kernel: KernelPort, kind: ProgramKind): SyscallHandler {
  const { cpus, work } = kernel;
  const copy = new ProgramCopy(work);
  return (thread, address, count, cpu, flags) => {
    if (flags !== 0 || cpus.isPossible[cpu] !== 1) return -Errno.EINVAL;
    const refused = copy.copyIn(address, count);
    if (refused !== 0) return refused;
    work.charge(CostKind.Instruction, count * kind.verifyInstructions);
    if (!kind.accepts(copy.words, count)) return -Errno.EINVAL;
    const result = runOnCpu(kernel, thread, cpu, () => kind.run(copy.words, count, cpu));
    return result < -MAX_ERRNO ? -Errno.EINVAL : result;
  };
}
