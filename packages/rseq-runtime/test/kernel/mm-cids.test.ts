import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { StateArena } from '@rseqlab/sim-machine';
import { MmCids } from '../../src/kernel/mm-cids.js';

const THREADS = 12;
const PROCESSES = 3;

function cidsFor(cpus: number): MmCids {
  const process = Int32Array.from({ length: THREADS }, (_, thread) => thread % PROCESSES);
  return new MmCids({
    arena: new StateArena(),
    threads: { capacity: THREADS, process },
    cpus: { capacity: cpus },
    maxProcesses: PROCESSES,
  });
}

describe('MmCids', () => {
  it('gives out ids that tell the running threads of an address space apart, and no gaps', () => {
    const command = fc.record({ thread: fc.nat(THREADS - 1), runs: fc.boolean() });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
        const cids = cidsFor(THREADS);
        const running = new Map<number, number>();
        for (const { thread, runs } of commands) {
          const mine = [...running.keys()].filter((id) => id % PROCESSES === thread % PROCESSES);
          const taken = new Set(mine.map((id) => running.get(id)));
          if (!runs) {
            cids.release(thread);
            running.delete(thread);
          } else if (running.has(thread)) expect(cids.take(thread)).toBe(running.get(thread));
          else {
            const cid = cids.take(thread);
            expect(taken.has(cid)).toBe(false);
            expect(cid).toBeLessThanOrEqual(mine.length);
            for (let below = 0; below < cid; below++) expect(taken.has(below)).toBe(true);
            running.set(thread, cid);
          }
          expect(cids.held[thread]).toBe(running.get(thread) ?? -1);
        }
      }),
    );
  });

  it('goes beyond the first 32 ids, and beyond the 31st bit', () => {
    const process = new Int32Array(70);
    const cids = new MmCids({
      arena: new StateArena(),
      threads: { capacity: 70, process },
      cpus: { capacity: 70 },
      maxProcesses: 1,
    });
    const all = Array.from({ length: 70 }, (_, thread) => cids.take(thread));
    expect(all).toEqual(Array.from({ length: 70 }, (_, id) => id));
    for (const thread of [31, 32, 63]) cids.release(thread);
    expect([32, 63, 31].map((thread) => cids.take(thread))).toEqual([31, 32, 63]);
  });
});
