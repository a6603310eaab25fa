import { describe, expect, it } from 'vitest';
import { ScriptedDirector } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { PerCpuCounter, PerCpuList } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import { ScenarioRunner } from '../../../src/scenario-runner.js';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';
import { check } from '../../../src/search/check.js';
import { StatelessSearch } from '../../../src/search/stateless/stateless-search.js';
import { mergeUnits } from '../../../src/search/stateless/unit-result.js';
import type { UnitResult } from '../../../src/search/stateless/unit-result.js';
import { treiberPush } from './programs/treiber-stack.js';
import { scenarioFor } from './programs/shared-words.js';
import { qsbr, urcuCounter } from './programs/grace-periods.js';
import { dekker, peterson } from './programs/mutual-exclusion.js';
import { seqlock } from './programs/seqlock.js';

const SMALL = { maxProcesses: 1, memoryBytes: 2 ** 22 };

function counter(threads: number, cpus: number, aborts = true): Scenario {
  return scenario({
    name: 'per-CPU counter',
    machine: { cpus, maxThreads: threads, kernel: [rseq({ aborts })], ...SMALL },
    setup(lab) {
      const shared = PerCpuCounter.create(lab.machine, lab.process);
      for (let i = 0; i < threads; i++)
        lab.spawn(
          function* increment(t) {
            yield* shared.add(t, 1);
          },
          { cpu: i % cpus },
        );
      return shared;
    },
    check(shared, lab) {
      lab.expectEqual(shared.sum(), threads, 'the sum');
    },
  });
}

function list(cpus: number): Scenario {
  return scenario({
    name: 'per-CPU list',
    machine: { cpus, maxThreads: 2, kernel: [rseq()], ...SMALL },
    setup(lab) {
      const shared = PerCpuList.create(lab.machine, lab.process);
      const nodes = lab.process.allocate(128);
      for (let i = 0; i < 2; i++)
        lab.spawn(
          function* push(t) {
            yield* shared.push(t, nodes + 64 * i);
          },
          { cpu: i % cpus },
        );
      return shared;
    },
    check(shared, lab) {
      lab.expectEqual(shared.nodes().length, 2, 'nodes');
    },
  });
}

describe('the search of classes and the search of graphs find as many classes of', () => {
  it.each<readonly [string, Scenario, number]>([
    ['a per-CPU counter on one CPU', counter(2, 1), 2],
    ['a per-CPU counter on two CPUs', counter(2, 2), 1],
    ['three threads at a per-CPU counter', counter(3, 2), 1],
    ['a per-CPU list on one CPU', list(1), 1],
    ['a per-CPU list on two CPUs', list(2), 1],
  ])('%s', (_name, checked, kernelEvents) => {
    const classes = check(checked, { search: 'classes', kernelEvents });
    const graphs = check(checked, { search: 'graphs', kernelEvents });
    expect(classes).toMatchObject({ outcome: 'unknown', classes: graphs.classes });
    expect(graphs.outcome).toBe('unknown');
  });

  it.each(['sc', 'tso'] as const)('programs without kernel events under %s', (memory) => {
    const programs = [treiberPush(2), qsbr(2), urcuCounter(true), dekker(true), peterson(true)];
    for (const program of [...programs, seqlock(2)]) {
      const checked = (model: MemoryModelName): Scenario => scenarioFor(program, model);
      const graphs = check(checked(memory), { search: 'graphs' });
      const classes = check(checked(memory), { search: 'classes' });
      expect(classes).toMatchObject({ outcome: 'holds', classes: graphs.classes });
    }
  });
});

it('stores of the kernel that wait in a buffer at the start are not taken for those of the program', () => {
  const published = scenario({
    name: 'published',
    machine: { cpus: 2, maxThreads: 2, kernel: [rseq()], memory: 'tso', ...SMALL },
    events: { preemption: false, migration: false },
    setup(lab) {
      const [data, flag] = [lab.process.allocate(4), lab.process.allocate(4)];
      lab.spawn(
        function* writer(t) {
          yield* t.store(data, 1);
          yield* t.store(flag, 1);
        },
        { cpu: 0 },
      );
      lab.spawn(
        function* reader(t) {
          yield* t.load(flag);
          yield* t.load(data);
        },
        { cpu: 1 },
      );
    },
  });
  expect(check(published, { search: 'classes' })).toMatchObject({ outcome: 'holds', classes: 3 });
});

describe('the least number of kernel events with which a counter loses an add', () => {
  it.each([
    [1, 1],
    [2, 2],
  ])('on %i CPUs is %i where sections are not aborted', (cpus, kernelEvents) => {
    const result = check(counter(2, cpus, false), { search: 'classes' });
    expect(result).toMatchObject({ outcome: 'fails', kernelEvents });
  });

  it.each([1, 2])('on %i CPUs does not exist where they are', (cpus) => {
    const limits = { kernelEvents: 2, executions: 100_000, decisions: 10_000 };
    expect(new StatelessSearch(counter(2, cpus)).run(limits)).toMatchObject({ end: 'bounded' });
  });
});

describe('a finding of the search of classes', () => {
  it('comes with decisions that lead there again', () => {
    const checked = counter(2, 2, false);
    const { finding, decisions } = check(checked, { search: 'classes' });
    const script = new ScriptedDirector(decisions!, { granularity: 'access' });
    const { findings } = new ScenarioRunner(checked, script).run(script);
    expect(findings[0]).toEqual(finding);
    expect(finding).toMatchObject({ kind: 'assertion' });
  });

  it('is none where a bound on executions came first: the answer is unknown', () => {
    const result = check(counter(2, 2, false), { search: 'classes', executions: 3 });
    expect(result).toMatchObject({ outcome: 'unknown' });
    expect(result.reason).toContain('limit');
  });
});

describe('the search of classes', () => {
  it('refuses a memory model that it has no classes for', () => {
    const weak = { memory: 'weak' as MemoryModelName };
    expect(() => new StatelessSearch(counter(2, 2), weak)).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTION',
        message: expect.stringContaining('expected memory "sc" or "tso"') as string,
      }),
    );
  });

  it('splits a search with kernel events into units that come to the same classes', () => {
    const limits = { kernelEvents: 1, executions: 100_000, decisions: 10_000 };
    const whole = new StatelessSearch(counter(2, 2)).run(limits);
    const search = new StatelessSearch(counter(2, 2));
    const units = search.plan(limits, 12);
    expect(units.length).toBeGreaterThanOrEqual(12);
    const seen = new Set<string>();
    for (const unit of units) {
      const { fingerprints } = search.runUnit(unit, limits);
      for (let i = 0; i < fingerprints.length; i += 2)
        seen.add(`${fingerprints[i]} ${fingerprints[i + 1]}`);
    }
    expect(seen.size).toBe(whole.classes);
  });

  it('leaves over what is long of a search with kernel events, and still comes to the same classes', () => {
    const limits = { kernelEvents: 1, executions: 100_000, decisions: 10_000 };
    const whole = new StatelessSearch(counter(2, 2)).run(limits);
    const search = new StatelessSearch(counter(2, 2));
    const results: UnitResult[] = [];
    const open = search.plan(limits, 1);
    for (let unit = open.pop(); unit !== undefined; unit = open.pop()) {
      const { rest = [], ...result } = search.runUnit(unit, limits, undefined, 8);
      results.push(result);
      open.push(...rest.map((part) => part.unit));
    }
    expect(results.length).toBeGreaterThan(5);
    const { executions: _executions, redundant: _redundant, ...merged } = mergeUnits(results);
    expect(whole).toMatchObject(merged);
  });
});
