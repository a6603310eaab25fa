import type { KernelModule } from '@rseqlab/sim-machine';
import { programSyscall } from '../bpf/program-syscall.js';
import { LabSyscallNumber } from '../lab-syscall-number.js';
import { EbpfInterpreter } from './ebpf-interpreter.js';
import { verifyEbpf } from './ebpf-verifier.js';

/** A state of eleven registers and the stack to change, to copy and to join. */
const VERIFY_INSTRUCTIONS = 100;

/**
 * ebpf_on_cpu(insns, count, cpu, flags): runs an eBPF program on a CPU with preemption off, as a
 * module of the simulated kernel; what cpu_opv could have been instead.
 *
 * The call and its errors are those of classic programs, see `bpfOnCpu`; what a program may do: see
 * `verifyEbpf` and `EbpfHelper`.
 *
 * @source the discussion of the cpu_opv patch series: a bytecode in place of the vector
 */
export function ebpfOnCpu(): KernelModule {
  return {
    name: 'ebpf_on_cpu',
    attach(kernel) {
      let cpu = 0;
      const interpreter = new EbpfInterpreter(kernel.work, () => cpu);
      const handler = programSyscall(kernel, {
        verifyInstructions: VERIFY_INSTRUCTIONS,
        accepts: (words, count) => verifyEbpf(words, count) === undefined,
        run: (words, _count, where) => {
          cpu = where;
          return interpreter.run(words);
        },
      });
      kernel.registerSyscall(LabSyscallNumber.ebpf_on_cpu, handler);
      return {};
    },
  };
}
