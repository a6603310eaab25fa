import { describe, expect, it } from 'vitest';
import { ScriptedDirector, decodeToken, encodeToken } from '@rseqlab/sim-machine';
import { ScenarioRunner } from '../../../src/scenario-runner.js';
import { check } from '../../../src/search/check.js';
import { limitsOf } from '../../../src/search/check-limits.js';
import { executionSeed } from '../../../src/search/sampling/execution-seed.js';
import { SampledSearch } from '../../../src/search/sampling/sampled-search.js';
import type { SamplingPolicy } from '../../../src/search/sampling/sampling-policy.js';
import { PriorityPolicy } from '../../../src/search/sampling/priority-policy.js';
import { UniformPolicy } from '../../../src/search/sampling/uniform-policy.js';
import { WalkPolicy } from '../../../src/search/sampling/walk-policy.js';
import { rareValue } from '../spin/rare-value.js';
import { adding, countingWith } from './hunted-bugs.js';

const POLICIES: readonly (readonly [string, () => SamplingPolicy])[] = [
  ['random', () => new UniformPolicy()],
  ['pct', () => new PriorityPolicy(3)],
  ['walk', () => new WalkPolicy()],
];

/** Sums that the executions from `first` on leave, in their order. */
function sumsOf(policy: SamplingPolicy, seed: number, first: number, executions: number): number[] {
  const sums: number[] = [];
  const search = new SampledSearch(adding(false, 2, sums), { policy, seed });
  expect(search.run(limitsOf({ executions }), undefined, first).end).toBe('sampled');
  return sums;
}

describe.each(POLICIES)('sampling by %s', (search, make) => {
  it('makes the same executions from the same seed, and others from another', () => {
    const once = sumsOf(make(), 5, 0, 60);
    expect(once).toHaveLength(60);
    expect(new Set(once)).toEqual(new Set([1, 2]));
    expect(sumsOf(make(), 5, 0, 60)).toEqual(once);
    expect(sumsOf(make(), 6, 0, 60)).not.toEqual(once);
  });

  it('makes an execution the same whichever were made before it', () => {
    const all = sumsOf(make(), 9, 0, 60);
    expect([...sumsOf(make(), 9, 0, 25), ...sumsOf(make(), 9, 25, 35)]).toEqual(all);
  });

  it('finds what replays from a token', () => {
    const found = check(countingWith(false), {
      search: search as 'random' | 'pct' | 'walk',
      executions: 5000,
    });
    expect(found.outcome).toBe('fails');
    const mode = { scheduling: 'free', granularity: 'access' } as const;
    const token = encodeToken({
      scenario: 'x',
      fingerprint: 'AAAAAAAA',
      ...mode,
      decisions: found.decisions!,
    });
    const script = new ScriptedDirector(decodeToken(token).decisions, mode);
    const again = new ScenarioRunner(countingWith(false), script).run(script);
    expect(again.findings[0]).toEqual(found.finding);
  });

  it('keeps to the bound on kernel events', () => {
    for (const kernelEvents of [0, 2]) {
      const options = { search: search as 'random', executions: 100, kernelEvents };
      expect(check(countingWith(true), options).kernelEvents).toBe(kernelEvents);
    }
  });

  it('counts the classes it met', () => {
    const options = { search: search as 'random', executions: 300 };
    expect(check(adding(true), options)).toMatchObject({ classes: 2, blocked: 0 });
  });
});

it('forgets between blocks what words have held, so that a block is the same whichever were made before', () => {
  const block = 250;
  const endsFrom = (first: number, executions: number): string[] => {
    const ends: string[] = [];
    const search = new SampledSearch(rareValue(8, ends), { policy: new UniformPolicy(), seed: 3 });
    search.run(limitsOf({ executions }), undefined, first, block);
    return ends;
  };
  const alone = endsFrom(block, block);
  expect(endsFrom(0, 2 * block).slice(-alone.length)).toEqual(alone);
});

describe('the seed of an execution', () => {
  it('differs from that of every other', () => {
    const seeds = new Set<number>();
    for (let seed = 0; seed < 40; seed++)
      for (let index = 0; index < 500; index++) seeds.add(executionSeed(seed, index));
    expect(seeds.size).toBe(20_000);
  });
});
