import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../src/scenario.js';
import { check } from '../../../src/search/check.js';
import { limitsOf } from '../../../src/search/check-limits.js';
import { ExhaustiveSearch } from '../../../src/search/exhaustive-pass.js';
import type { PassResult } from '../../../src/search/exhaustive-pass.js';
import { StateSearch } from '../../../src/search/states/state-search.js';
import { STATE_IDENTITIES } from '../../../src/search/states/state-key.js';
import { KEPT, NOT_KEPT, counting, polite } from './state-scenarios.js';

const BOUNDS = [0, 2, Infinity];

const byPath = (scenario: Scenario, kernelEvents: number): PassResult =>
  new ExhaustiveSearch(scenario, {}, 'states').run(limitsOf({ kernelEvents }));

/** All that two searches have to agree in; which of several failures comes first is open. */
function essence({ finding, decisions: _, ...pass }: PassResult): object {
  if (finding === undefined) return pass;
  return { end: pass.end, kind: finding.kind, kernelEvents: pass.kernelEvents };
}

describe.each(KEPT)('the states of "$name"', (scenario) => {
  it.each(BOUNDS)('are those that executing every path meets, with %d kernel events', (bound) => {
    const search = new StateSearch(scenario);
    const pass = search.run(limitsOf({ kernelEvents: bound }));
    expect(search.lastPass).toBeDefined();
    expect(essence(pass)).toEqual(essence(byPath(scenario, bound)));
  });

  it('are the same in a pass that goes by what those before it found out', () => {
    const search = new StateSearch(scenario);
    for (const kernelEvents of [2, 1, Infinity]) {
      const limits = limitsOf({ kernelEvents });
      expect(search.run(limits)).toEqual(new StateSearch(scenario).run(limits));
    }
  });
});

describe('what is done at the return to user mode', () => {
  it.each(['rfc-2017', 'v6.18', 'v6.19', 'v7.1'] as const)(
    'is known in all states that agree in what it reads, with rseq as of %s',
    (profile) => {
      const counter = counting(2, 1, { profile }, { singleSteps: true });
      const search = new StateSearch(counter);
      const pass = search.run(limitsOf({ kernelEvents: 1 }));
      expect(search.lastPass).toBeDefined();
      expect(essence(pass)).toEqual(essence(byPath(counter, 1)));
    },
  );
});

describe.each(NOT_KEPT)('the states of "$name"', (scenario) => {
  it('are met by executing every path', () => {
    const search = new StateSearch(scenario);
    const pass = search.run(limitsOf({ kernelEvents: 1 }));
    expect(search.lastPass).toBeUndefined();
    expect(essence(pass)).toEqual(essence(byPath(scenario, 1)));
  });

  it('are not told apart by more than 64 bits: ERR_OPTION', () => {
    const refuse = (): unknown => check(scenario, { search: 'states', fingerprint: 'whole' });
    expect(refuse).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTION',
        message: expect.stringContaining('expected a scenario whose states can be kept') as string,
      }),
    );
  });
});

describe('states', () => {
  it.each(STATE_IDENTITIES)('are as many by an identity of %s', (identity) => {
    const search = new StateSearch(counting(3, 1), { identity });
    const pass = search.run(limitsOf({ kernelEvents: 1 }));
    expect(pass).toMatchObject(byPath(counting(3, 1), 1));
  });

  it('are carried out on the machine only where something new is read', () => {
    const search = new StateSearch(counting(3, 1));
    const { executions } = search.run(limitsOf({ kernelEvents: 3 }));
    expect(search.lastPass!.carriedOut).toBeLessThan(executions / 3);
    expect(search.lastPass!.bytes.states).toBeGreaterThan(0);
  });

  it('are the same in every pass of a search', () => {
    const search = new StateSearch(counting(2, 2));
    const limits = limitsOf({ kernelEvents: 2 });
    expect(search.run(limits)).toEqual(search.run(limits));
  });

  it('are not carried out again in the next pass', () => {
    const search = new StateSearch(counting(2, 2));
    const limits = limitsOf({ kernelEvents: 2 });
    search.run(limits);
    const { states } = search.lastPass!.bytes;
    expect(search.lastPass!.carriedOut).toBeGreaterThan(0);
    search.run(limits);
    expect(search.lastPass!.carriedOut).toBe(0);
    expect(search.lastPass!.bytes.states).toBe(states);
  });

  it('are the same after a pass that was given up, or broken off', () => {
    const search = new StateSearch(counting(2, 2));
    const limits = limitsOf({ kernelEvents: 2 });
    const whole = new StateSearch(counting(2, 2)).run(limits);
    expect(search.run({ ...limits, executions: 300 })).toMatchObject({ end: 'gave-up' });
    expect(search.run(limits)).toEqual(whole);
    const breakOff = (): never => {
      throw new Error('enough');
    };
    expect(() => search.run(limits, breakOff)).toThrow('enough');
    expect(search.run(limits)).toEqual(whole);
  });

  it('are given up at a limit on executions, or on decisions of a path', () => {
    const search = new StateSearch(counting(2, 1));
    expect(search.run(limitsOf({ executions: 50 }))).toMatchObject({ end: 'gave-up' });
    expect(search.run(limitsOf({ decisions: 5 }))).toMatchObject({ end: 'gave-up' });
  });
});

describe('a livelock', () => {
  it('is states of which none leads to an end', () => {
    const result = check(polite(false), { search: 'states' });
    expect(result).toMatchObject({ outcome: 'fails', finding: { kind: 'livelock' } });
    expect(result.finding!.message).toMatch(/^expected every thread to be able to end, got \d+ st/);
    expect(result.decisions!.length).toBeGreaterThan(3);
  });

  it('is none where some way on leads to an end, though others go on for ever', () => {
    expect(check(polite(true), { search: 'states' })).toMatchObject({ outcome: 'holds' });
  });
});
