import { RandomDirector, decisionKind, DecisionKind } from '@rseqlab/sim-machine';
import type { MachineConfig } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { findingKey } from '../../src/findings/finding-key.js';
import { ScenarioRunner } from '../../src/scenario-runner.js';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import { shrinkRun } from '../../src/shrink/shrink-run.js';
import { recordRun } from '../../src/trace/record-run.js';
import type { RecordedDecisions } from '../../src/trace/record-run.js';

/** Threads that add to a word by load and store, each several times. */
function racyCounter(threads: number, times: number, machine: MachineConfig): Scenario {
  return scenario({
    name: 'racy counter',
    machine,
    setup(lab) {
      const word = lab.process.allocate(4);
      const noise = lab.process.allocate(4);
      for (let i = 0; i < threads; i++)
        lab.spawn(function* add(t) {
          for (let time = 0; time < times; time++) {
            yield* t.fetchAdd(noise, 1);
            const value = yield* t.load(word);
            yield* t.store(word, value + 1);
          }
        });
      return word;
    },
    check(word, lab) {
      lab.expectEqual(lab.process.read32(word), threads * times, 'the sum');
    },
  });
}

/** The first of random runs that fails. */
function sampledFailure(of: Scenario): RecordedDecisions {
  const { scheduling, granularity } = new RandomDirector({ seed: 0 });
  const runner = new ScenarioRunner(of, new RandomDirector({ seed: 0 }));
  for (let seed = 0; seed < 200; seed++)
    if (runner.run(new RandomDirector({ seed })).findings.length > 0)
      return { scheduling, granularity, decisions: runner.machine.decisions };
  throw new Error('expected a seed that fails, got none');
}

describe('a sampled failure', () => {
  const counter = racyCounter(3, 3, { cpus: 2 });
  const sampled = sampledFailure(counter);
  const shrunk = shrinkRun(counter, sampled)!;

  it('is shrunk to the least that an exhaustive search knows of the same program', () => {
    // One thread loads, another adds, the first stores: on two CPUs two switches, and no event.
    expect(shrunk.cost).toMatchObject({ switches: expect.any(Number) as number, kernelEvents: 0 });
    const { kernelEvents } = check(racyCounter(3, 1, { cpus: 2 }));
    expect(shrunk.cost.kernelEvents).toBe(kernelEvents);
    expect(shrunk.cost.switches).toBeLessThanOrEqual(4);
    expect(shrunk.cost.switches).toBeLessThan(shrunk.before.switches);
    expect(shrunk.isMinimal).toBe(true);
  });

  it('finds the same as before when it is replayed', () => {
    const before = recordRun(counter, sampled).finding!;
    const after = recordRun(counter, shrunk.recorded).finding!;
    expect(findingKey(after)).toBe(findingKey(before));
    expect(shrunk.finding).toEqual(after);
  });

  it('is shrunk to the same run again', () => {
    const again = shrinkRun(counter, sampled)!;
    expect(again).toEqual(shrunk);
  });

  it('is shrunk as far as the limit on runs allows', () => {
    let last = 0;
    const few = shrinkRun(counter, sampled, { replays: 5, onProgress: (runs) => (last = runs) })!;
    expect(few).toMatchObject({ replays: 5, isMinimal: false });
    expect(last).toBe(5);
    expect(recordRun(counter, few.recorded).finding).toEqual(few.finding);
  });
});

describe('a failure that needs kernel events', () => {
  const counter = racyCounter(2, 2, { cpus: 1 });

  it('keeps those that it needs, and no more', () => {
    const shrunk = shrinkRun(counter, sampledFailure(counter))!;
    const { kernelEvents } = check(counter);
    expect(kernelEvents).toBe(1);
    expect(shrunk.cost).toMatchObject({ kernelEvents: 1, switches: 2 });
    const kinds = Array.from(shrunk.recorded.decisions, (decision) =>
      decisionKind(decision as never),
    );
    expect(kinds.filter((kind) => kind === DecisionKind.Preempt)).toHaveLength(1);
  });
});

describe('a run', () => {
  it('that finds nothing is not shrunk', () => {
    const counter = racyCounter(1, 1, { cpus: 1 });
    const runner = new ScenarioRunner(counter, new RandomDirector({ seed: 1 }));
    runner.run(new RandomDirector({ seed: 1 }));
    const { decisions } = runner.machine;
    expect(
      shrinkRun(counter, { decisions, scheduling: 'free', granularity: 'access' }),
    ).toBeUndefined();
  });

  it('of another finding does not take the place of the one to shrink', () => {
    const two = scenario({
      name: 'two findings',
      machine: { cpus: 2 },
      events: { migration: false },
      setup(lab) {
        const word = lab.process.allocate(4);
        for (let i = 0; i < 2; i++)
          lab.spawn(function* both(t) {
            const first = yield* t.fetchAdd(word, 1);
            const second = yield* t.fetchAdd(word, 1);
            lab.expect(second === first + 1, 'two adds in a row');
          });
        return word;
      },
      check(_word, lab) {
        lab.expect(false, 'something that never holds');
      },
    });
    const { decisions } = check(two);
    const never = shrinkRun(two, {
      decisions: decisions!,
      scheduling: 'free',
      granularity: 'access',
    })!;
    const other = shrinkRun(two, sampledOther(two))!;
    expect(never.finding.message).toBe('expected something that never holds');
    expect(never.cost.switches).toBe(1);
    expect(other.finding.message).toBe('expected two adds in a row');
    expect(other.cost.switches).toBe(2);
  });
});

/** A random run in which the first finding is that of a thread. */
function sampledOther(two: Scenario): RecordedDecisions {
  const runner = new ScenarioRunner(two, new RandomDirector({ seed: 0 }));
  for (let seed = 0; seed < 100; seed++) {
    const { findings } = runner.run(new RandomDirector({ seed }));
    if (findings[0]?.message !== 'expected two adds in a row') continue;
    return { scheduling: 'free', granularity: 'access', decisions: runner.machine.decisions };
  }
  throw new Error('expected a run with the other finding, got none');
}
