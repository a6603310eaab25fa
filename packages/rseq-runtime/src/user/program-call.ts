import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { LabSyscallNumber } from '../kernel/lab-syscall-number.js';

/**
 * Runs a classic program that lies in the thread's memory, on a CPU.
 *
 * @param program address of `count` instructions of 8 bytes
 * @returns what the program returned, or a negative errno; -ENOSYS where the kernel lacks the call
 */
export function bpfOn(
  t: Thread,
  program: number,
  count: number,
  cpu: number,
  flags = 0,
): Operation<number> {
  return t.syscall(LabSyscallNumber.bpf_on_cpu, program, count, cpu, flags);
}

/** Runs an eBPF program that lies in the thread's memory, on a CPU; otherwise as {@link bpfOn}. */
export function ebpfOn(
  t: Thread,
  program: number,
  count: number,
  cpu: number,
  flags = 0,
): Operation<number> {
  return t.syscall(LabSyscallNumber.ebpf_on_cpu, program, count, cpu, flags);
}

/** Puts a program that does not change into static data of a process; its address. */
export function placeProgram(process: Process, words: Int32Array): number {
  const address = process.allocate(words.byteLength, 8);
  words.forEach((word, index) => {
    process.write32(address + index * 4, word);
  });
  return address;
}
