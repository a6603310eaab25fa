import type { StateArena } from '../base/state-arena.js';

/** What the machine knows of every CPU, one column a fact, indexed by CPU id. */
export class CpuTable {
  /** One more than the highest possible CPU id. */
  readonly capacity: number;
  /** Ids of the possible CPUs, ascending; ids may be sparse. */
  readonly possible: readonly number[];
  /** 1 for a possible CPU. */
  readonly isPossible: Int32Array;
  /** 1 for a CPU that takes part in scheduling. */
  readonly online: Int32Array;
  /** The thread in user mode (or in the kernel) on the CPU, -1 when idle. */
  readonly current: Int32Array;
  /** NUMA node of the CPU. */
  readonly node: Int32Array;
  /** Simulated time of the CPU, in cycles since the machine started. */
  readonly cycles: Float64Array;
  /** Instructions executed on the CPU. */
  readonly steps: Float64Array;

  constructor(arena: StateArena, possible: readonly number[], nodeOf: (cpu: number) => number) {
    this.possible = possible;
    this.capacity = Math.max(...possible) + 1;
    this.online = arena.cpuColumn('cpu.online', this.capacity, 'semantic');
    this.current = arena.cpuColumn('cpu.current', this.capacity, 'semantic', -1);
    this.isPossible = new Int32Array(this.capacity);
    this.node = new Int32Array(this.capacity);
    this.cycles = new Float64Array(this.capacity);
    this.steps = new Float64Array(this.capacity);
    for (const cpu of possible) {
      this.isPossible[cpu] = 1;
      this.node[cpu] = nodeOf(cpu);
    }
  }

  /** Clocks back to zero; the arena resets the rest. */
  reset(): void {
    for (let i = 0; i < this.possible.length; i++) {
      this.cycles[this.possible[i]!] = 0;
      this.steps[this.possible[i]!] = 0;
    }
  }
}
