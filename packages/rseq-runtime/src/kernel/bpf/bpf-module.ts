import type { KernelModule } from '@rseqlab/sim-machine';
import { LabSyscallNumber } from '../lab-syscall-number.js';
import { BpfInterpreter } from './bpf-interpreter.js';
import { verifyBpf } from './bpf-verifier.js';
import { programSyscall } from './program-syscall.js';

/** Tests of the opcode, the constant and the jumps, and one word of scratch state to pass on. */
const VERIFY_INSTRUCTIONS = 12;

/**
 * bpf_on_cpu(insns, count, cpu, flags): runs a classic BPF program on a CPU with preemption off, as a
 * module of the simulated kernel; what cpu_opv could have been instead.
 *
 * The call, its errors and what a program may do: see `verifyBpf` and `BpfCode`.
 *
 * @source the discussion of the cpu_opv patch series: a bytecode in place of the vector
 */
export function bpfOnCpu(): KernelModule {
  return {
    name: 'bpf_on_cpu',
    attach(kernel) {
      const interpreter = new BpfInterpreter(kernel.work);
      const handler = programSyscall(kernel, {
        verifyInstructions: VERIFY_INSTRUCTIONS,
        accepts: (words, count) => verifyBpf(words, count) === undefined,
        run: (words) => interpreter.run(words),
      });
      kernel.registerSyscall(LabSyscallNumber.bpf_on_cpu, handler);
      return {};
    },
  };
}
