import { PerCpuCounter } from '@rseqlab/percpu';
import { RSEQ_OFFSET, rseq } from '@rseqlab/rseq-runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';
import { check } from '../../../src/search/check.js';
import type { CheckResult } from '../../../src/search/check.js';
import { KEPT, NOT_KEPT, counting, polite } from './state-scenarios.js';
import { randomPrograms, scenarioOf } from './random-sections.js';
import type { RandomProgram } from './random-sections.js';

/** Offset of `rseq_cs` in a thread's rseq area. */
const RSEQ_CS = 8;

/** No restart on preemption, signal and migration. */
const NO_RESTART = 7;

/** A search of all states, and one that leaves states out. */
function both(program: Scenario, kernelEvents?: number): readonly [CheckResult, CheckResult] {
  const bound = kernelEvents === undefined ? {} : { kernelEvents };
  const search = (reduce: boolean): CheckResult =>
    check(program, { search: 'states', reduce, ...bound });
  return [search(false), search(true)];
}

/** What both have to agree in: with a bound, one that leaves states out may know that there is no more. */
const answer = ({ kernelEvents, finding }: CheckResult): object =>
  finding === undefined ? {} : { kind: finding.kind, kernelEvents };

describe.each([...KEPT, ...NOT_KEPT, polite(false), polite(true)])(
  '"$name", reduced',
  (program) => {
    it.each([0, 2])('has the same answer in no more states, with %d kernel events', (bound) => {
      const [all, reduced] = both(program, bound);
      expect(answer(reduced)).toEqual(answer(all));
      if (all.outcome === 'holds') expect(reduced.outcome).toBe('holds');
      if (reduced.outcome === 'unknown') expect(all.outcome).toBe('unknown');
      if (all.finding === undefined) expect(reduced.states).toBeLessThanOrEqual(all.states);
    });
  },
);

describe('leaving states out', () => {
  it.each(['v6.1', 'v7.1'] as const)(
    'comes to the same ends for any small program, rseq as of %s',
    (profile) => {
      let [states, left] = [0, 0];
      fc.assert(
        fc.property(randomPrograms, (program) => {
          const ends = new Set<string>();
          const kept = new Set<string>();
          const options = { search: 'states', kernelEvents: 2 } as const;
          const all = check(scenarioOf(program, { profile }, ends), options);
          const reduced = check(scenarioOf(program, { profile }, kept), {
            ...options,
            reduce: true,
          });
          expect(answer(reduced)).toEqual(answer(all));
          if (all.outcome !== 'fails') expect([...kept].sort()).toEqual([...ends].sort());
          states += all.states;
          left += reduced.states;
        }),
        { numRuns: 12 },
      );
      expect(left).toBeLessThan(states);
    },
  );

  it.each(['rfc-2017', 'v4.18', 'v6.1', 'v6.19', 'v7.1'] as const)(
    'leaves most of a per-CPU counter out, rseq as of %s',
    (profile) => {
      const [all, reduced] = both(counting(3, 1, { profile }), 2);
      expect(answer(reduced)).toEqual(answer(all));
      expect(reduced.states).toBeLessThan(all.states * 0.7);
    },
  );

  it('knows the flags of an area by which a kernel does not abort', () => {
    const section: RandomProgram['threads'][0][0] = {
      does: 'section',
      body: [
        { does: 'load', at: ['shared', 1] },
        { does: 'store', at: ['shared', 0] },
        { does: 'load', at: ['shared', 1] },
      ],
      commits: ['own', 0],
    };
    // Sees the store by itself, and is seen by the load behind it.
    const other = [
      { does: 'add', at: ['shared', 1] },
      { does: 'load', at: ['shared', 0] },
      { does: 'add', at: ['shared', 1] },
    ] as const;
    const program = { threads: [[section], other], cpus: 1, expected: 0 };
    const ends = (reduce: boolean, flags: number): string[] => {
      const found = new Set<string>();
      check(scenarioOf(program, { profile: 'v4.18' }, found, flags), { search: 'states', reduce });
      return [...found].sort();
    };
    expect(ends(true, NO_RESTART)).toEqual(ends(false, NO_RESTART));
    expect(ends(false, NO_RESTART)).not.toEqual(ends(false, 0));
  });

  it('finds the failure of a kernel that never aborts, with as few kernel events', () => {
    const [all, reduced] = both(counting(2, 1, { aborts: false }));
    expect(reduced).toMatchObject({ outcome: 'fails', kernelEvents: all.kernelEvents });
    expect(reduced.decisions).toBeDefined();
  });

  it.each([0, 1])('sees a thread of CPU %d wait for what only another one stores', (cpu) => {
    const [all, reduced] = both(glimpsed(cpu));
    expect(all).toMatchObject({ outcome: 'fails', finding: { kind: 'assertion' } });
    expect(answer(reduced)).toEqual(answer(all));
  });

  it('is given up where a thread looks at what the kernel keeps of another', () => {
    const [all, reduced] = both(watching());
    expect(all).toMatchObject({ outcome: 'fails', finding: { kind: 'assertion' } });
    expect(answer(reduced)).toEqual(answer(all));
  });
});

/** A word is raised for a moment, in which a thread may go on that waits for it, or never. */
function glimpsed(cpu: number): Scenario {
  return scenario({
    name: 'a moment in which to go on',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    allowBlocked: true,
    setup(lab) {
      const word = lab.process.allocate(64);
      lab.spawn(
        function* raise(t) {
          yield* t.store(word, 1);
          yield* t.store(word, 0);
          yield* t.store(word, 0);
        },
        { cpu: 1 - cpu },
      );
      lab.spawn((t) => t.waitUntilNotEqual(word, 0), { cpu, name: 'wait' });
      return word;
    },
    check(_word, lab) {
      lab.expect(false, 'the thread to wait for ever');
    },
  });
}

/** A thread sees another one preempted in its section, by the descriptor that is armed. */
function watching(): Scenario {
  return scenario({
    name: 'a look at the section of another',
    machine: { cpus: 1, maxThreads: 2, maxProcesses: 1, kernel: [rseq()] },
    setup(lab) {
      const counter = PerCpuCounter.create(lab.machine, lab.process);
      const seen = lab.process.allocate(4);
      const adder = lab.spawn(function* adder(t) {
        yield* counter.add(t, 1);
      });
      const area = adder.threadPointer + RSEQ_OFFSET;
      lab.spawn(function* watcher(t) {
        yield* t.store(seen, yield* t.load(area + RSEQ_CS));
      });
      return seen;
    },
    check(seen, lab) {
      lab.expectEqual(lab.process.read32(seen), 0, 'what is armed');
    },
  });
}
