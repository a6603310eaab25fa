import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/search/check.js';
import { scenario } from '../../src/scenario.js';
import { weakExecutions } from './axiomatic-oracle.js';
import { FIRST_PLACE, programOf } from './machine-outcomes.js';
import { programs } from './random-programs.js';
import { exchange, load, store } from './weak-program.js';
import type { WeakProgram } from './weak-program.js';

/** Classes that a search of every interleaving counts. */
function classesOf(program: WeakProgram): number {
  const code = program.map((instructions, thread) => programOf(instructions, thread));
  const result = check(
    scenario({
      name: 'classes',
      machine: {
        cpus: program.length,
        memory: 'weak',
        maxThreads: 4,
        maxProcesses: 1,
        memoryBytes: 2 ** 22,
      },
      events: { preemption: false, migration: false },
      setup(lab) {
        expect(lab.process.allocate(256)).toBe(FIRST_PLACE);
        // Pages are there before the threads are: no fault orders anything.
        lab.process.write32(FIRST_PLACE, 0);
        code.forEach((each, cpu) => {
          const routine = lab.machine.install(each).routine('entry');
          lab.spawn(
            function* thread(t) {
              yield* t.call(routine);
            },
            { cpu },
          );
        });
      },
    }),
  );
  expect(result).toMatchObject({ outcome: 'holds', blocked: 0 });
  return result.classes;
}

describe('the classes under weak', () => {
  it.each<readonly [string, WeakProgram, number]>([
    [
      'SB',
      [
        [store(0, 1), load(1, 0)],
        [store(1, 1), load(0, 0)],
      ],
      4,
    ],
    [
      'MP',
      [
        [store(0, 1), store(1, 1)],
        [load(1, 0), load(0, 1)],
      ],
      4,
    ],
    [
      '2+2W',
      [
        [store(0, 1), store(1, 2)],
        [store(1, 1), store(0, 2)],
      ],
      4,
    ],
    [
      'MP with exchanges',
      [
        [exchange(2, 1, 3), store(1, 1)],
        [load(1, 0), exchange(2, 1, 3)],
      ],
      3,
    ],
    ['three readers', [[store(0, 1)], [load(0, 0)], [load(0, 0)], [load(0, 0)]], 8],
  ])('of %s are as many as the axioms allow executions', (_name, program, count) => {
    expect([weakExecutions(program), classesOf(program)]).toEqual([count, count]);
  });

  it('of random programs are as many as the axioms allow executions', () => {
    fc.assert(
      fc.property(programs, (program) => {
        fc.pre(program.flat().length <= 6);
        expect(classesOf(program)).toBe(weakExecutions(program));
      }),
      { numRuns: 60 },
    );
  }, 200_000);
});
