import { expect } from 'vitest';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { MachineConfig, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { MemoryPool } from '../../../src/user/memory-pool/memory-pool.js';
import type { MemoryPoolOptions } from '../../../src/user/memory-pool/pool-geometry.js';

export const PAGE = 4096;

/** A machine of three CPUs with one process and one pool. */
export class PoolLab {
  readonly machine: Machine;
  readonly process: Process;
  readonly pool: MemoryPool;

  constructor(options: MemoryPoolOptions, config: MachineConfig = {}) {
    this.machine = new Machine(
      { cpus: 3, memoryBytes: 2 ** 22, maxThreads: 8, maxProcesses: 2, ...config },
      new TimedDirector({ seed: 1 }),
    );
    this.process = this.machine.createProcess('main');
    this.pool = MemoryPool.create(this.machine, this.process, 'pool', options);
  }

  /** Runs one thread to its end and returns what its program returns. */
  run<Result>(body: (t: Thread) => Operation<Result>): Result {
    const results: Result[] = [];
    this.process.spawn(function* only(t) {
      results.push(yield* body(t));
    });
    expect(this.machine.run({ decisions: 2_000_000 }).outcome).toBe('finished');
    expect(results).toHaveLength(1);
    return results[0]!;
  }

  /** Whether each CPU has a page of its own for an item. */
  ownPages(item: number): boolean[] {
    return this.machine.cpus.possible.map((cpu) =>
      this.process.hasOwnPage(this.pool.addressOn(item, cpu)),
    );
  }

  /** An item's first word on each CPU. */
  words(item: number, offset = 0): number[] {
    return this.machine.cpus.possible.map((cpu) =>
      this.process.read32(this.pool.addressOn(item, cpu) + offset),
    );
  }
}
