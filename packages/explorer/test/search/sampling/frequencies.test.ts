import { describe, expect, it } from 'vitest';
import { decisionX } from '@rseqlab/sim-machine';
import type { Decision } from '@rseqlab/sim-machine';
import { ScenarioRunner } from '../../../src/scenario-runner.js';
import { check } from '../../../src/search/check.js';
import { executionSeed } from '../../../src/search/sampling/execution-seed.js';
import { ProfileDirector } from '../../../src/search/sampling/run-profile.js';
import { SamplingDirector } from '../../../src/search/sampling/sampling-director.js';
import type { SamplingPolicy } from '../../../src/search/sampling/sampling-policy.js';
import { UniformPolicy } from '../../../src/search/sampling/uniform-policy.js';
import { WalkPolicy } from '../../../src/search/sampling/walk-policy.js';
import { UNBOUNDED } from '../../../src/search/schedule-bounds.js';
import { load, scenarioOf } from '../straight-line.js';
import { adding } from './hunted-bugs.js';

/** Loads of the two threads: 5! / (3! 2!) = 10 interleavings. */
const LOADS = [3, 2] as const;
const INTERLEAVINGS = 10;
const SAMPLES = 5000;

/** The value that chi-square with 9 degrees of freedom exceeds once in 1,000 times. */
const CRITICAL = 27.88;

/** How often each interleaving came; named by the CPUs that stepped, without the exits. */
function frequencies(policy: SamplingPolicy): Map<string, number> {
  const program = LOADS.map((count) => Array.from({ length: count }, () => load(0)));
  const profile = new ProfileDirector();
  const runner = new ScenarioRunner(scenarioOf(program, 'sc'), profile);
  runner.run(profile);
  expect([...profile.byAgent.values()]).toEqual(LOADS);
  const director = new SamplingDirector(policy);
  director.begin(UNBOUNDED, profile);
  const counts = new Map<string, number>();
  for (let index = 0; index < SAMPLES; index++) {
    director.seed(executionSeed(7, index));
    runner.run(director);
    const left: number[] = [...LOADS];
    let name = '';
    for (const decision of runner.machine.decisions) {
      const cpu = decisionX(decision as Decision);
      if (left[cpu]! > 0) name += String(cpu);
      left[cpu]! -= 1;
    }
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** How far counts are from all being the same. */
function chiSquare(counts: Iterable<number>): number {
  const expected = SAMPLES / INTERLEAVINGS;
  let sum = 0;
  for (const count of counts) sum += (count - expected) ** 2 / expected;
  return sum;
}

describe('the interleavings of a walk', () => {
  it('come equally often', () => {
    const counts = frequencies(new WalkPolicy());
    expect(counts.size).toBe(INTERLEAVINGS);
    expect(chiSquare(counts.values())).toBeLessThan(CRITICAL);
  });

  it('do so unlike those of a search that chooses among decisions', () => {
    const counts = frequencies(new UniformPolicy());
    expect(counts.size).toBe(INTERLEAVINGS);
    expect(chiSquare(counts.values())).toBeGreaterThan(10 * CRITICAL);
  });
});

describe('PCT', () => {
  it('meets a bug of depth 2 at least as often as it guarantees', () => {
    const before = 10;
    const threads = 2;
    const steps = threads * (before + 2);
    const executions = 2000;
    const sums: number[] = [];
    check(adding(false, before, sums), { search: 'pct', depth: 2, executions });
    const met = sums.filter((sum) => sum === 1).length;
    expect(met).toBeGreaterThan(executions / (threads * steps));
    // Far more often would be another algorithm: about every execution in 12 has its one change there.
    expect(met).toBeLessThan((executions * 4) / steps);
  });

  it('of depth 1 does not meet it: every thread runs to its end', () => {
    const sums: number[] = [];
    check(adding(false, 2, sums), { search: 'pct', depth: 1, executions: 200 });
    expect(new Set(sums)).toEqual(new Set([2]));
  });
});
