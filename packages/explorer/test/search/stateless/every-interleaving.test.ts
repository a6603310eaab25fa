import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SignalNumber, futexWait, futexWake, getcpu, sigaction } from '@rseqlab/sim-machine';
import type { EventAllowance, MemoryModelName, Operation, Thread } from '@rseqlab/sim-machine';
import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';
import { StatelessSearch } from '../../../src/search/stateless/stateless-search.js';
import { everyInterleaving } from './every-interleaving.js';

const ACTIONS = [
  'store',
  'load',
  'fetchAdd',
  'increment',
  'count',
  'getcpu',
  'wait',
  'wake',
] as const;

type Action = (typeof ACTIONS)[number];

interface Setting {
  readonly memory: MemoryModelName;
  readonly cpus: number;
  readonly events: EventAllowance;
  readonly bound: number;
  readonly threads: readonly (readonly Action[])[];
  /** Whether the first thread handles a signal, with a store. */
  readonly handles: boolean;
}

/** Its executions end with what threads received and with what is in memory. */
function scenarioOf(setting: Setting, ends: Set<string>): Scenario {
  const { memory, cpus, events, threads, handles } = setting;
  const usesRseq = threads.flat().includes('count');
  return scenario({
    name: 'random actions',
    machine: {
      cpus,
      memory,
      kernel: usesRseq ? [rseq()] : [],
      maxThreads: threads.length,
      maxProcesses: 1,
      memoryBytes: 2 ** 22,
    },
    events,
    allowBlocked: true,
    setup(lab) {
      const words = lab.process.allocate(192);
      const counter = usesRseq ? PerCpuCounter.create(lab.machine, lab.process) : undefined;
      const received: number[][] = threads.map(() => []);
      function* act(t: Thread, action: Action): Operation<number> {
        switch (action) {
          case 'store':
            yield* t.store(words, t.id + 1);
            return 0;
          case 'load':
            return yield* t.load(words + 64);
          case 'fetchAdd':
            return yield* t.fetchAdd(words + 64, 16);
          case 'increment':
            yield* t.store(words + 64, (yield* t.load(words)) + 1);
            return 0;
          case 'count':
            if (counter !== undefined) yield* counter.add(t, 1);
            return 0;
          case 'getcpu':
            return (yield* getcpu(t)).cpu;
          case 'wait':
            return yield* futexWait(t, words, 0);
          case 'wake':
            return yield* futexWake(t, words, 1);
        }
      }
      threads.forEach((actions, index) => {
        lab.spawn(
          function* body(t) {
            if (handles && index === 0)
              yield* sigaction(t, SignalNumber.SIGUSR1, function* handler(self) {
                yield* self.store(words + 128, yield* self.load(words));
              });
            for (const action of actions) received[index]!.push(yield* act(t, action));
          },
          { cpu: index % cpus },
        );
      });
      return () => [
        received,
        counter?.sum(),
        [0, 64, 128].map((offset) => lab.process.read32(words + offset)),
      ];
    },
    check(end) {
      ends.add(JSON.stringify((end as () => unknown)()));
    },
  });
}

/** A setting with more interleavings is passed over. */
const MOST_EXECUTIONS = 600;

const actions = (most: number, from: readonly Action[] = ACTIONS): fc.Arbitrary<Action[]> =>
  fc.array(fc.constantFrom(...from), { minLength: 1, maxLength: most });

const PLAIN: readonly Action[] = ['store', 'load', 'fetchAdd', 'increment', 'getcpu'];

const settings: Readonly<Record<string, fc.Arbitrary<Setting>>> = {
  preemption: fc.record({
    memory: fc.constant('sc' as const),
    cpus: fc.constant(1),
    events: fc.constant({}),
    bound: fc.integer({ min: 1, max: 2 }),
    threads: fc.tuple(actions(2), actions(2)),
    handles: fc.constant(false),
  }),
  migration: fc.record({
    memory: fc.constant('sc' as const),
    cpus: fc.constant(2),
    events: fc.constant({}),
    bound: fc.constant(1),
    threads: fc.oneof(
      fc.tuple(actions(2), actions(1)),
      fc.tuple(actions(1), actions(1), actions(1)),
    ),
    handles: fc.constant(false),
  }),
  'store buffers and preemption': fc.record({
    memory: fc.constant('tso' as const),
    cpus: fc.integer({ min: 1, max: 2 }),
    events: fc.constant({}),
    bound: fc.constant(1),
    threads: fc.tuple(actions(2, PLAIN), actions(2, PLAIN)),
    handles: fc.constant(false),
  }),
  signals: fc.record({
    memory: fc.constant('sc' as const),
    cpus: fc.integer({ min: 1, max: 2 }),
    events: fc.constant({ preemption: false, migration: false, signals: [SignalNumber.SIGUSR1] }),
    bound: fc.constant(1),
    threads: fc.tuple(actions(1), actions(1)),
    handles: fc.constant(true),
  }),
  'spurious wake-ups': fc.record({
    memory: fc.constant('sc' as const),
    cpus: fc.constant(2),
    events: fc.constant({ preemption: false, migration: false, spuriousWakes: true }),
    bound: fc.constant(1),
    threads: fc.tuple(actions(2), actions(2)),
    handles: fc.constant(false),
  }),
  'no kernel events': fc.record({
    memory: fc.constantFrom('sc' as const, 'tso' as const),
    cpus: fc.integer({ min: 1, max: 2 }),
    events: fc.constant({ preemption: false, migration: false }),
    bound: fc.constant(0),
    threads: fc.tuple(actions(2), actions(1), actions(1)),
    handles: fc.constant(false),
  }),
};

describe('the search comes to all that every interleaving comes to, and no more, with', () => {
  it.each(Object.entries(settings))(
    '%s',
    (_name, arbitrary) => {
      fc.assert(
        fc.property(arbitrary, (setting) => {
          const expected = new Set<string>();
          const all = everyInterleaving(
            scenarioOf(setting, expected),
            setting.bound,
            MOST_EXECUTIONS,
          );
          fc.pre(all !== undefined);
          const ends = new Set<string>();
          const search = new StatelessSearch(scenarioOf(setting, ends));
          const limits = { kernelEvents: setting.bound, executions: 100_000, decisions: 1000 };
          const result = search.run(limits);
          expect([...ends].sort()).toEqual([...expected].sort());
          expect(result.classes).toBe(all.graphs.size);
          expect(result.blocked > 0).toBe(all.isBlocked);
        }),
        { numRuns: 6 },
      );
    },
    120_000,
  );
});

it('the search executes fewer interleavings than there are where CPUs do what does not conflict', () => {
  const setting: Setting = {
    memory: 'sc',
    cpus: 2,
    events: {},
    bound: 1,
    threads: [['load', 'load'], ['store']],
    handles: false,
  };
  const all = everyInterleaving(scenarioOf(setting, new Set()), 1, 10_000)!;
  const search = new StatelessSearch(scenarioOf(setting, new Set()));
  const result = search.run({ kernelEvents: 1, executions: 10_000, decisions: 1000 });
  expect(result.classes).toBe(all.graphs.size);
  expect(result.executions).toBeLessThan(all.executions);
});
