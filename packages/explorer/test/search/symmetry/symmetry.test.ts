import { Mutex, ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scenario } from '../../../src/scenario.js';
import type { Scenario, ScenarioDefinition } from '../../../src/scenario.js';
import { check } from '../../../src/search/check.js';
import type { CheckResult } from '../../../src/search/check.js';
import { recordRun } from '../../../src/trace/record-run.js';
import { counting } from '../states/state-scenarios.js';
import { equalThreads, scenarioOf } from './equal-threads.js';
import type { EqualThreads } from './equal-threads.js';
import { orbitsOf } from './orbit-oracle.js';

const { r1, r2, r3, r4 } = Registers;

const STATES = { search: 'states' } as const;
const SYMMETRIC = { search: 'states', symmetry: true } as const;

/** What searches have to agree in. */
const answer = ({ outcome, kernelEvents, finding }: CheckResult): object =>
  finding === undefined ? { outcome } : { outcome, kind: finding.kind, kernelEvents };

/** Threads of one CPU that share two words. */
function sharing(
  bodies: readonly ((t: Thread, address: number) => Operation<unknown>)[],
  more: Partial<ScenarioDefinition<unknown>> & { readonly cpus?: readonly number[] } = {},
): Scenario {
  const { cpus = bodies.map(() => 0), ...definition } = more;
  return scenario({
    name: 'threads',
    machine: { cpus: 2, maxThreads: bodies.length, maxProcesses: 1, memoryBytes: 2 ** 22 },
    events: { migration: false },
    interchangeable: [bodies.map((_, n) => n)],
    ...definition,
    setup(lab) {
      const address = lab.process.allocate(8);
      bodies.forEach((body, n) => {
        lab.spawn((t) => body(t, address), { cpu: cpus[n]! });
      });
      return address;
    },
  });
}

/** A per-CPU counter, threads of which are interchangeable. */
function counter(threads: number, aborts = true): Scenario {
  const interchangeable = [Array.from({ length: threads }, (_, n) => n)];
  const machine = { cpus: 1, ...counting(threads, 1, { aborts }).machine };
  return { ...counting(threads, 1, { aborts }), machine: { ...machine, cpus: 1 }, interchangeable };
}

/** A thread that adds a number. */
const adding = (number: number) => (t: Thread, address: number) => t.fetchAdd(address, number);

describe('a search that takes states as one which equal threads make of each other', () => {
  it('has one state for each orbit of the states, in any small program', () => {
    fc.assert(
      fc.property(equalThreads, (program) => {
        const { states, orbits } = orbitsOf({ ...program, unwanted: -1 });
        const quiet = scenarioOf({ ...program, unwanted: -1 });
        expect(check(quiet, STATES).states).toBe(states);
        expect(check(quiet, SYMMETRIC).states).toBe(orbits);
        expect(check(quiet, { ...SYMMETRIC, fingerprint: 'whole' }).states).toBe(orbits);
      }),
      { numRuns: 3 },
    );
  });

  it('has the same answers and ends as one of all states, reduced or not', () => {
    fc.assert(
      fc.property(equalThreads, (program) => {
        const ends = [0, 1, 2].map(() => new Set<string>());
        const searched = [STATES, SYMMETRIC, { ...SYMMETRIC, reduce: true }].map((options, i) =>
          check(scenarioOf(program, ends[i]), options),
        );
        const [all, ...symmetric] = searched.map(answer);
        for (const one of symmetric) expect(one).toEqual(all);
        if (searched[0]!.outcome !== 'holds') return;
        const [expected, ...others] = ends.map((found) => [...found].sort());
        for (const found of others) expect(found).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });

  it.each([0, 1, 2])(
    'finds what only thread %i does wrong in the end, as a run that replays',
    (n) => {
      const program: EqualThreads = {
        equal: 3,
        actions: ['sign'],
        other: [],
        cpus: 1,
        unwanted: n,
      };
      const { outcome, finding, decisions } = check(scenarioOf(program), SYMMETRIC);
      expect({ outcome, kind: finding?.kind }).toEqual({ outcome: 'fails', kind: 'assertion' });
      const recorded = {
        decisions: decisions!,
        scheduling: 'free',
        granularity: 'access',
      } as const;
      expect(recordRun(scenarioOf(program), recorded).finding?.kind).toBe('assertion');
    },
  );

  it('finds the failure of a kernel that never aborts, with as few kernel events', () => {
    const all = check(counter(3, false), STATES);
    const { decisions, ...symmetric } = check(counter(3, false), SYMMETRIC);
    expect(answer(all)).toMatchObject({ outcome: 'fails', kind: 'assertion' });
    expect(answer(symmetric)).toEqual(answer(all));
    const recorded = { decisions: decisions!, scheduling: 'free', granularity: 'access' } as const;
    expect(recordRun(counter(3, false), recorded).finding?.kind).toBe('assertion');
  });

  it.each([false, true])(
    'needs about a sixth of the states of three threads (reduced: %s)',
    (reduce) => {
      const all = check(counter(3), { ...STATES, reduce });
      const symmetric = check(counter(3), { ...SYMMETRIC, reduce });
      expect(answer(symmetric)).toEqual(answer(all));
      expect(symmetric.states * 4).toBeLessThan(all.states);
      expect(symmetric.states * 6).toBeGreaterThanOrEqual(all.states);
    },
  );

  it('knows which of equal threads wakes that wait for a lock', () => {
    const locking = scenario({
      name: 'locks',
      machine: { cpus: 1, maxThreads: 3, maxProcesses: 1, memoryBytes: 2 ** 22 },
      interchangeable: [[0, 1, 2]],
      setup(lab) {
        const mutex = Mutex.create(lab.process);
        const last = lab.process.allocate(4);
        for (const n of [0, 1, 2])
          lab.spawn(
            function* locker(t) {
              yield* mutex.lock(t);
              yield* t.store(last, n + 1);
              yield* mutex.unlock(t);
            },
            { cpu: 0 },
          );
      },
    });
    const all = check(locking, { ...STATES, kernelEvents: 1 });
    const symmetric = check(locking, { ...SYMMETRIC, kernelEvents: 1 });
    expect(answer(symmetric)).toEqual(answer(all));
    expect(all.finding).toBeUndefined();
    expect(symmetric.states * 4).toBeLessThan(all.states);
    expect(symmetric.states * 6).toBeGreaterThanOrEqual(all.states);
  });

  it('finds a livelock, and a run into it', () => {
    const wait = new ProgramBuilder('flags that stay up')
      .label('enter')
      .li32(r3, 1)
      .st32(r3, r1)
      .li32(r3, 0)
      .label('again')
      .ld32(r4, r2)
      .st32(r4, r1, 8)
      .bne(r4, r3, 'again')
      .st32(r3, r1)
      .ret()
      .build();
    const program = scenario({
      name: 'flags',
      machine: { cpus: 1, maxThreads: 2, maxProcesses: 1 },
      interchangeable: [[0, 1]],
      setup(lab) {
        const flags = lab.process.allocate(16);
        const enter = lab.machine.install(wait).routine('enter');
        for (const n of [0, 1])
          lab.spawn((t) => t.call(enter, flags + 4 * n, flags + 4 * (1 - n)), { cpu: 0 });
      },
    });
    const all = check(program, STATES);
    const symmetric = check(program, SYMMETRIC);
    for (const { outcome, finding } of [all, symmetric])
      expect({ outcome, kind: finding?.kind }).toEqual({ outcome: 'fails', kind: 'livelock' });
    expect(symmetric.decisions?.length).toBeGreaterThan(0);
  });
});

describe('threads are refused as interchangeable', () => {
  const refusal = 'expected threads 0, 1 of scenario "threads" to be interchangeable, got ';

  it.each([
    ['do something else', sharing([adding(1), (t, at) => t.load(at)]), /got memory that/],
    [
      'leave numbers that are sums of others',
      sharing([adding(1), adding(2), adding(3)]),
      /a word of memory \(at 0x[0-9a-f]+\) that tells one thread from another: \d+ here, \d+ there$/,
    ],
    [
      'have other words',
      sharing([(t, at) => t.store(at, 1), (t, at) => t.store(at + 4, 2), adding(1)], {
        interchangeable: [[1, 2]],
      }),
      /threads 1, 2 of .* got memory that/,
    ],
    [
      'are waited for in an order',
      sharing(
        [
          (t, at) => t.waitUntilNotEqual(at, 0),
          (t, at) => t.waitUntilNotEqual(at + 4, 0),
          function* raise(t, at) {
            yield* t.store(at, 1);
            yield* t.store(at + 4, 1);
          },
        ],
        { interchangeable: [[0, 1]] },
      ),
      /got a word of memory/,
    ],
    [
      'are on another CPU',
      sharing([adding(1), adding(1)], { cpus: [0, 1] }),
      /got a CPU that another thread gets$/,
    ],
    [
      'do not exist',
      sharing([adding(1), adding(1)], { interchangeable: [[0, 2]] }),
      /no thread 2$/,
    ],
  ])('that %s', (_, program, message) => {
    expect(() => check(program, SYMMETRIC)).toThrow(message);
    expect(() => check(program, SYMMETRIC)).toThrow(
      expect.objectContaining({ code: 'ERR_SCENARIO' }),
    );
    expect(check(program, STATES).outcome).toBe('holds');
  });

  it('of which one alone is found to misbehave on the way', () => {
    const grumbling = scenario({
      name: 'threads',
      machine: { cpus: 1, maxThreads: 2, maxProcesses: 1 },
      interchangeable: [[0, 1]],
      setup(lab) {
        const address = lab.process.allocate(8);
        for (const n of [0, 1])
          lab.spawn(
            function* thread(t) {
              yield* t.load(address);
              if (n === 1) lab.report({ kind: 'assertion', message: 'thread 1 is found' });
              yield* t.load(address);
            },
            { cpu: 0 },
          );
      },
    });
    expect(check(grumbling, STATES).outcome).toBe('fails');
    expect(() => check(grumbling, SYMMETRIC)).toThrow(
      `${refusal}something that is found of one thread alone`,
    );
  });

  it.each([
    [{}, sharing([adding(1), adding(1)], { interchangeable: [] }), /says which threads are/],
    [{ machine: { memory: 'tso' } }, sharing([adding(1), adding(1)]), /can be kept .* symmetry/],
    [{ preemptions: 1 }, sharing([adding(1), adding(1)]), /can be kept .* symmetry/],
  ] as const)('where states cannot be kept, or nobody said so: %j', (options, program, message) => {
    expect(() => check(program, { ...SYMMETRIC, ...options })).toThrow(message);
    expect(() => check(program, { ...SYMMETRIC, ...options })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    );
  });

  it.each([
    [[[0]]],
    [[[0, 0]]],
    [
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [[[0, -1]]],
    [[[0, 1, 2, 3, 4, 5]]],
  ])('in groups that are none: %j', (interchangeable) => {
    expect(() => sharing([adding(1)], { interchangeable })).toThrow(
      /^expected interchangeable threads of scenario "threads" in disjoint groups/,
    );
  });
});
