import { describe, expect, it } from 'vitest';
import { RandomDirector } from '../../../src/director/random-director.js';
import { membarrier } from '../../../src/kernel/libc/membarrier.js';
import { MembarrierCommand } from '../../../src/kernel/membarrier/membarrier-command.js';
import type { Operation } from '../../../src/kernel/operation.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { Machine } from '../../../src/machine.js';
import type { MemoryModelName } from '../../../src/memory/create-memory-model.js';

const RUNS = 600;

/**
 * Store buffering with a fence on one side only: P0: x = 1; fence; r0 = y. P1: y = 1; r1 = x.
 * Returns every pair (r0, r1) that was seen.
 */
function outcomes(memory: MemoryModelName, fence: (t: Thread) => Operation<unknown>): string[] {
  const seen = new Set<string>();
  const machine = new Machine(
    { cpus: 2, memory, events: { preemption: false, migration: false } },
    new RandomDirector({ seed: 0 }),
  );
  for (let seed = 0; seed < RUNS; seed++) {
    machine.reset(new RandomDirector({ seed }));
    const process = machine.createProcess('main');
    const x = process.allocate(4);
    const y = process.allocate(4);
    const read = [-1, -1];
    process.spawn(
      function* slow(t) {
        yield* membarrier(t, MembarrierCommand.RegisterPrivateExpedited);
        yield* t.store(x, 1);
        yield* fence(t);
        read[0] = yield* t.load(y);
      },
      { cpu: 0 },
    );
    process.spawn(
      function* fast(t) {
        // The other side has a registration to do first.
        yield* membarrier(t, MembarrierCommand.Query);
        yield* t.store(y, 1);
        read[1] = yield* t.load(x);
      },
      { cpu: 1 },
    );
    expect(machine.run().outcome).toBe('finished');
    seen.add(read.join());
  }
  return [...seen].sort();
}

describe.each(['tso', 'weak'] as const)('an asymmetric fence under %s', (memory) => {
  it('by membarrier keeps stores from passing loads on the side that has no fence', () => {
    expect(outcomes(memory, (t) => membarrier(t, MembarrierCommand.PrivateExpedited))).toEqual([
      '0,1',
      '1,0',
      '1,1',
    ]);
  });

  it('by a fence of its own CPU alone does not', () => {
    expect(outcomes(memory, (t) => t.fence())).toContain('0,0');
  });
});
