import { REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { DebugRun } from './debug-run.js';

/** A thread that has come to an instruction, on a CPU. */
export interface Arrival {
  readonly cpu: number;
  readonly thread: number;
  /** Address of the instruction that it executes next. */
  readonly ip: number;
  /** Operations that its program has started. */
  readonly operations: number;
}

/**
 * Tells which threads have come to another instruction since the last look, by a step of theirs or
 * because they got a CPU: breakpoints are for those who arrive, not for those who stay.
 */
export class Arrivals {
  readonly #run: DebugRun;
  readonly #steps = new Map<number, number>();
  readonly #threads = new Map<number, number>();
  readonly #ips = new Map<number, number>();

  /** @param isStart - whether those who are somewhere now have only just come there */
  constructor(run: DebugRun, isStart = false) {
    this.#run = run;
    if (!isStart) this.look();
  }

  /** Those who have arrived since the last look, by ascending CPU. */
  look(): readonly Arrival[] {
    const { cpus, threads } = this.#run.machine;
    const arrived: Arrival[] = [];
    for (const cpu of cpus.possible) {
      const thread = cpus.current[cpu]!;
      const steps = cpus.steps[cpu]!;
      const ip = thread < 0 ? -1 : this.#run.nextInstruction(thread);
      const isSame =
        this.#threads.get(cpu) === thread &&
        this.#steps.get(cpu) === steps &&
        this.#ips.get(cpu) === ip;
      if (isSame) continue;
      this.#threads.set(cpu, thread);
      this.#steps.set(cpu, steps);
      this.#ips.set(cpu, ip);
      if (thread < 0) continue;
      const operations = threads.registers[thread * REGISTER_STRIDE + RegisterFile.Operations]!;
      arrived.push({ cpu, thread, ip, operations });
    }
    return arrived;
  }
}
