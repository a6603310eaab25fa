import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { LabSyscallNumber } from '../kernel/lab-syscall-number.js';
import type { CpuOpVector } from './cpu-op-vector.js';

/**
 * Carries out a vector that lies in the thread's memory, on a CPU.
 *
 * @param ops address of `count` operations of 32 bytes
 * @returns 0; i + 1 when the comparison at index i failed; or a negative errno, see `cpuOpv` of the
 *   kernel modules; -ENOSYS where the kernel has no cpu_opv
 */
export function sysCpuOpv(
  t: Thread,
  ops: number,
  count: number,
  cpu: number,
  flags = 0,
): Operation<number> {
  return t.syscall(LabSyscallNumber.cpu_opv, ops, count, cpu, flags);
}

/**
 * Stores a vector into memory of the thread and carries it out.
 *
 * @param area `vector.byteLength` bytes that nobody else uses meanwhile, aligned to 8
 * @returns as {@link sysCpuOpv}
 */
export function* runCpuOpVector(
  t: Thread,
  area: number,
  vector: CpuOpVector,
  cpu: number,
): Operation<number> {
  const words = vector.wordsAt(area);
  for (let at = 0; at < words.length; at++) yield* t.store(area + at * 4, words[at]!);
  return yield* sysCpuOpv(t, area, vector.count, cpu);
}

/** Puts a vector that does not change into static data of a process; its address. */
export function placeCpuOpVector(process: Process, vector: CpuOpVector): number {
  const address = process.allocate(Math.max(vector.byteLength, 8), 8);
  const words = vector.wordsAt(address);
  for (let at = 0; at < words.length; at++) process.write32(address + at * 4, words[at]!);
  return address;
}
