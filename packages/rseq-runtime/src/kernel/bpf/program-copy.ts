import { Errno, isUserRange } from '@rseqlab/sim-machine';
import type { KernelWorkPort } from '@rseqlab/sim-machine';

/** Instructions that a program, classic or extended, can have. @source include/uapi/linux/bpf_common.h */
export const BPF_MAXINSNS = 4096;

/** Bytes of one instruction, classic or extended. */
export const BPF_INSN_BYTES = 8;

/** The kernel's copy of the program of the system call that runs: two words an instruction. */
export class ProgramCopy {
  readonly words: Int32Array = new Int32Array(BPF_MAXINSNS * 2);
  readonly #work: KernelWorkPort;

  constructor(work: KernelWorkPort) {
    this.#work = work;
  }

  /** Copies a program out of user memory; 0, -EINVAL for a bad count, or -EFAULT. */
  copyIn(address: number, count: number): number {
    const work = this.#work;
    if (count < 1 || count > BPF_MAXINSNS) return -Errno.EINVAL;
    if (!isUserRange(address, count * BPF_INSN_BYTES)) return -Errno.EFAULT;
    for (let index = 0; index < count; index++) {
      this.words[index * 2] = work.load(address + index * BPF_INSN_BYTES, 8);
      if (work.failed) return -Errno.EFAULT;
      this.words[index * 2 + 1] = work.high;
    }
    return 0;
  }
}
