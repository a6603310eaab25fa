import { describe, expect, it } from 'vitest';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import type { CheckResult } from '../../src/search/check.js';
import { COUNTED_PROGRAMS } from './counted-programs.js';
import { scenarioOf } from './straight-line.js';
import type { Initial, Program } from './straight-line.js';

function searched(
  program: Program,
  memory: 'sc' | 'tso',
  initial: Initial | undefined,
): CheckResult {
  return check(scenarioOf(program, memory, new Set(), initial));
}

describe('an exhaustive search finds exactly the classes of', () => {
  it.each(COUNTED_PROGRAMS)('%s', (_name, program, sc, tso, initial) => {
    for (const [memory, classes] of [
      ['sc', sc],
      ['tso', tso],
    ] as const)
      expect(searched(program, memory, initial)).toMatchObject({
        outcome: 'holds',
        classes,
        blocked: 0,
        kernelEvents: 0,
      });
  });

  it.each([
    [2, 5],
    [3, 12],
    [4, 28],
    [5, 64],
  ])('lastzero(%i)', (n, classes) => {
    expect(check(lastZero(n))).toMatchObject({ outcome: 'holds', classes });
    if (n < 5)
      expect(check(lastZero(n), { machine: { memory: 'tso' } })).toMatchObject({ classes });
  });
});

/** n threads with array[i + 1] = array[i] + 1, and one that looks for the last zero from behind. */
function lastZero(n: number): Scenario {
  return scenario({
    name: `lastzero(${n})`,
    machine: { cpus: n + 1, maxThreads: n + 1, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    setup(lab) {
      const array = lab.process.allocate(64 * (n + 1));
      lab.spawn(function* reader(t) {
        let i = n;
        while ((yield* t.load(array + 64 * i)) !== 0) i -= 1;
      });
      for (let i = 0; i < n; i++)
        lab.spawn(function* writer(t) {
          yield* t.store(array + 64 * (i + 1), (yield* t.load(array + 64 * i)) + 1);
        });
    },
  });
}
