import { describe, expect, it } from 'vitest';
import { nondeterminism } from '../../src/findings/nondeterminism.js';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';

/** Threads that store what a function says. */
function storing(next: () => number, threads: () => number = () => 2): Scenario {
  return scenario({
    name: 'storing',
    setup(lab) {
      const word = lab.process.allocate(4);
      const count = threads();
      for (let i = 0; i < count; i++)
        lab.spawn(function* store(t) {
          yield* t.store(word, next());
        });
    },
  });
}

/** 0, 1, 2, ... over all runs: what a scenario must not keep. */
function counting(): () => number {
  let count = 0;
  return () => count++;
}

describe('a scenario that differs from run to run', () => {
  it('is found by the first event that differs', () => {
    expect(nondeterminism(storing(counting()))).toMatchObject({
      kind: 'nondeterminism',
      message: expect.stringMatching(
        /^expected the scenario to do the same in every run, got at event \d+ store by T\d of 4 bytes at frame address 0x[0-9a-f]+: 0, then store by T\d of 4 bytes at frame address 0x[0-9a-f]+: 2$/,
      ) as string,
    });
  });

  it('is found by a thread that is not always there', () => {
    const count = counting();
    expect(
      nondeterminism(
        storing(
          () => 0,
          () => 1 + (count() % 2),
        ),
      )?.message,
    ).toMatch(/got at event \d+ \w+.*, then the start of T1$/);
  });

  it('is found by what it finds itself', () => {
    const count = counting();
    const found = nondeterminism(
      scenario({
        name: 'checks',
        setup: () => undefined,
        check: (_state, lab) => lab.expect(count() > 0, 'a second run'),
      }),
    );
    expect(found?.message).toMatch(/assertion: expected a second run, then the end$/);
  });

  it('is found in a search that comes to a decision which is not possible any more', () => {
    const count = counting();
    const differing = storing(
      () => 0,
      () => 1 + (count() % 2),
    );
    expect(check(differing)).toMatchObject({
      outcome: 'fails',
      finding: {
        kind: 'nondeterminism',
        message: expect.stringMatching(/got one that differs: director "exhaustive"/) as string,
      },
    });
  });

  it('is none that does the same in every run', () => {
    const same = storing(() => 1);
    expect(nondeterminism(same)).toBeUndefined();
    expect(check(same).outcome).toBe('holds');
  });
});

describe('an execution that does not end', () => {
  const endless = scenario({
    name: 'endless',
    machine: { cpus: 1 },
    setup(lab) {
      const word = lab.process.allocate(4);
      lab.spawn(function* spin(t) {
        for (;;) yield* t.fetchAdd(word, 1);
      });
    },
  });

  it('is no answer, and can be replayed', () => {
    const result = check(endless, { decisions: 50 });
    expect(result).toMatchObject({
      outcome: 'unknown',
      finding: {
        kind: 'step-bound',
        message: 'expected every execution to end within 50 decisions, got one that goes on',
      },
    });
    expect(result.decisions).toHaveLength(50);
  });

  it('is not there where the bound suffices', () => {
    const { outcome, finding } = check(
      storing(() => 1),
      { decisions: 50 },
    );
    expect({ outcome, finding }).toEqual({ outcome: 'holds', finding: undefined });
  });
});
