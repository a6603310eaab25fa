import { futexWait, futexWake } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';
import { limitsOf } from '../../../src/search/check-limits.js';
import { ExhaustiveSearch } from '../../../src/search/exhaustive-pass.js';
import { StatelessSearch } from '../../../src/search/stateless/stateless-search.js';

/** Threads that sleep and one that wakes some of them; which, is a question to whoever decides. */
function waking(sleepers: number, wakes: number, woken: Set<string>): Scenario {
  return scenario({
    name: `${wakes} of ${sleepers} sleepers are woken`,
    machine: { cpus: sleepers + 1, maxThreads: sleepers + 1, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    allowBlocked: true,
    setup(lab) {
      const word = lab.process.allocate(64);
      const results: number[] = [];
      for (let cpu = 0; cpu < sleepers; cpu++)
        lab.spawn(
          function* sleeper(t) {
            results[cpu] = yield* futexWait(t, word, 0);
            woken.add(results.join());
          },
          { cpu },
        );
      lab.spawn(
        function* waker(t) {
          let count = 0;
          for (let n = 0; n < wakes; n++) count += yield* futexWake(t, word, 1);
          results[sleepers] = count;
          woken.add(results.join());
        },
        { cpu: sleepers },
      );
    },
  });
}

describe.each([
  [2, 1],
  [3, 1],
  [3, 2],
])('of %d sleepers %d', (sleepers, wakes) => {
  it('may be any, whoever else came to sleep before or after', () => {
    const byClass = new Set<string>();
    const byPath = new Set<string>();
    const limits = limitsOf({ kernelEvents: 0 });
    const result = new StatelessSearch(waking(sleepers, wakes, byClass)).run(limits);
    new ExhaustiveSearch(waking(sleepers, wakes, byPath), {}, 'states').run(limits);
    expect(result.end).toBe('all');
    expect([...byClass].sort()).toEqual([...byPath].sort());
    expect(byPath.size).toBeGreaterThan(sleepers);
  });
});
