import { REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { Machine } from '@rseqlab/sim-machine';

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
  readonly #machine: Machine;
  readonly #steps = new Map<number, number>();
  readonly #threads = new Map<number, number>();
  readonly #ips = new Map<number, number>();

  /** Whoever is somewhere now does not arrive there. */
  constructor(machine: Machine) {
    this.#machine = machine;
    this.look();
  }

  /** Those who have arrived since the last look, by ascending CPU. */
  look(): readonly Arrival[] {
    const { cpus, threads } = this.#machine;
    const arrived: Arrival[] = [];
    for (const cpu of cpus.possible) {
      const thread = cpus.current[cpu]!;
      const steps = cpus.steps[cpu]!;
      const base = thread * REGISTER_STRIDE;
      const ip = thread < 0 ? 0 : threads.registers[base + RegisterFile.Ip]!;
      const isSame =
        this.#threads.get(cpu) === thread &&
        this.#steps.get(cpu) === steps &&
        this.#ips.get(cpu) === ip;
      if (isSame) continue;
      this.#threads.set(cpu, thread);
      this.#steps.set(cpu, steps);
      this.#ips.set(cpu, ip);
      if (thread < 0) continue;
      const operations = threads.registers[base + RegisterFile.Operations]!;
      arrived.push({ cpu, thread, ip, operations });
    }
    return arrived;
  }
}
