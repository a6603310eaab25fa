import { Errno } from '@rseqlab/sim-machine';
import type { KernelModule, KernelPort, SyscallHandler } from '@rseqlab/sim-machine';
import { CPU_OP_VEC_LEN_MAX } from './cpu-op-abi.js';
import { KernelVector } from './kernel-vector.js';
import { LabSyscallNumber } from '../lab-syscall-number.js';
import { runOnCpu } from '../run-on-cpu.js';
import { VectorExecution } from './vector-execution.js';

/**
 * The cpu_opv system call: a vector of operations that is carried out on a given CPU with
 * preemption off, as a module of the simulated kernel.
 *
 * | call                           | returns                                                       |
 * |--------------------------------|---------------------------------------------------------------|
 * | cpu_opv(ops, count, cpu, flags) | 0 when all were done; i + 1 when the comparison at index i   |
 * |                                | failed, with the operations before it done                    |
 *
 * Errors, in the order of the checks: -EINVAL for flags other than 0, for a CPU that is not
 * possible, for a count below 0 or above 16; -EFAULT when the vector cannot be read; -EINVAL for an
 * unknown operation, a length over 4096, an arithmetic length other than 1, 2, 4 and 8, a shift by
 * the width or more, and lengths over 4216 together; -EFAULT when a page cannot be accessed, or
 * -EAGAIN where that operand says that a fault is expected; -EINVAL for a CPU outside the caller's
 * affinity mask. After an error no operation was done.
 *
 * The caller moves to the CPU. Since nothing happens between two decisions of the machine, it cannot
 * be moved off again while the operations run, for which the first versions had -EAGAIN. Nor does it
 * wait in the CPU's queue: the operations are done at once, by interrupting who runs there. As nobody
 * sees anything of a call before its operations, a call that waits is one that is made later.
 *
 * @source the patch series "cpu_opv: Provide cpu_opv system call", v9 to v12
 */
export function cpuOpv(): KernelModule {
  return {
    name: 'cpu_opv',
    attach(kernel) {
      kernel.registerSyscall(LabSyscallNumber.cpu_opv, cpuOpvSyscall(kernel));
      return {};
    },
  };
}

function cpuOpvSyscall(kernel: KernelPort): SyscallHandler {
  const vector = new KernelVector(kernel.work);
  const execution = new VectorExecution(kernel.work, vector);
  return (thread, ops, count, cpu, flags) => {
    if (flags !== 0 || kernel.cpus.isPossible[cpu] !== 1) return -Errno.EINVAL;
    if (count < 0 || count > CPU_OP_VEC_LEN_MAX) return -Errno.EINVAL;
    const refused = vector.copyIn(ops, count) || vector.check(count) || vector.pin(count);
    if (refused !== 0) return refused;
    return runOnCpu(kernel, thread, cpu, () => execution.run(count));
  };
}
