import { REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { Machine, Process } from '@rseqlab/sim-machine';
import { RSEQ_OFFSET, RseqCsOffset, RseqOffset } from '@rseqlab/rseq-runtime';

const INSTRUCTION_BYTES = 4;

/** Tells where in its critical section a thread is, from outside. */
export class SectionWatch {
  readonly #machine: Machine;
  readonly #processes: readonly Process[];
  readonly #sections = new Map<number, readonly [start: number, length: number]>();

  constructor(machine: Machine, processes: readonly Process[]) {
    this.#machine = machine;
    this.#processes = processes;
  }

  /**
   * The injection point that a thread is at: n in front of the n-th instruction of its section, from
   * 1 on; 0 outside of one.
   */
  pointOf(thread: number): number {
    const { threads } = this.#machine;
    const process = this.#processes.find(({ id }) => id === threads.process[thread]);
    if (process === undefined || process.exited) return 0;
    const area = this.#machine.thread(thread).threadPointer + RSEQ_OFFSET;
    const descriptor = process.read32(area + RseqOffset.rseqCs);
    if (descriptor === 0) return 0;
    const [start, length] = this.#sectionAt(process, descriptor);
    const offset = threads.registers[thread * REGISTER_STRIDE + RegisterFile.Ip]! - start;
    return offset >= 0 && offset < length ? 1 + offset / INSTRUCTION_BYTES : 0;
  }

  #sectionAt(process: Process, descriptor: number): readonly [start: number, length: number] {
    const known = this.#sections.get(descriptor);
    if (known !== undefined) return known;
    const start = process.read32(descriptor + RseqCsOffset.startIp);
    const length = process.read32(descriptor + RseqCsOffset.postCommitOffset);
    this.#sections.set(descriptor, [start, length]);
    return [start, length];
  }
}
