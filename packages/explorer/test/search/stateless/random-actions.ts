import fc from 'fast-check';
import { SignalNumber, futexWait, futexWake, getcpu, sigaction } from '@rseqlab/sim-machine';
import type { EventAllowance, MemoryModelName, Operation, Thread } from '@rseqlab/sim-machine';
import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';

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

/** Something that a thread does; each takes one to three steps, `count` a section. */
export type Action = (typeof ACTIONS)[number] | 'readFence' | 'loadOther';

/** A small program, the machine that it runs on, and what the kernel may do. */
export interface RandomActions {
  readonly memory: MemoryModelName;
  readonly cpus: number;
  readonly events: EventAllowance;
  /** Most kernel events of an execution. */
  readonly bound: number;
  readonly threads: readonly (readonly Action[])[];
  /** Whether the first thread handles a signal, with a store. */
  readonly handles: boolean;
}

/** Its executions end with what threads received and with what is in memory. */
export function scenarioOfActions(setting: RandomActions, ends: Set<string>): Scenario {
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
          case 'loadOther':
            return yield* t.load(words);
          case 'fetchAdd':
            return yield* t.fetchAdd(words + 64, 16);
          case 'increment':
            yield* t.store(words + 64, (yield* t.load(words)) + 1);
            return 0;
          case 'readFence':
            yield* t.readFence();
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

const actions = (most: number, from: readonly Action[] = ACTIONS): fc.Arbitrary<Action[]> =>
  fc.array(fc.constantFrom(...from), { minLength: 1, maxLength: most });

/** What needs neither a kernel module nor sleep. */
const PLAIN: readonly Action[] = ['store', 'load', 'loadOther', 'fetchAdd', 'increment', 'getcpu'];
const BUFFERED: readonly Action[] = ['store', 'load', 'loadOther', 'increment', 'readFence'];
const WITH_SECTIONS: readonly Action[] = ['store', 'loadOther', 'count'];

const QUIET: EventAllowance = { preemption: false, migration: false };

/** Random small programs, by what the kernel does to them. */
export const RANDOM_ACTIONS: Readonly<Record<string, fc.Arbitrary<RandomActions>>> = {
  preemption: fc.record({
    memory: fc.constant('sc' as const),
    cpus: fc.constant(1),
    events: fc.constant({}),
    bound: fc.integer({ min: 1, max: 2 }),
    threads: fc.tuple(actions(2), actions(1)),
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
    threads: fc.tuple(actions(2, PLAIN), actions(1, PLAIN)),
    handles: fc.constant(false),
  }),
  'store buffers and sections': fc.record({
    memory: fc.constant('tso' as const),
    cpus: fc.integer({ min: 1, max: 2 }),
    events: fc.constant(QUIET),
    bound: fc.constant(0),
    threads: fc.tuple(actions(1, WITH_SECTIONS), actions(2, ['store', 'loadOther'])),
    handles: fc.constant(false),
  }),
  'store buffers': fc.record({
    memory: fc.constant('tso' as const),
    cpus: fc.constant(2),
    events: fc.constant(QUIET),
    bound: fc.constant(0),
    threads: fc.tuple(actions(3, BUFFERED), actions(2, BUFFERED)),
    handles: fc.constant(false),
  }),
  signals: fc.record({
    memory: fc.constant('sc' as const),
    cpus: fc.integer({ min: 1, max: 2 }),
    events: fc.constant({ ...QUIET, signals: [SignalNumber.SIGUSR1] }),
    bound: fc.constant(1),
    threads: fc.tuple(actions(1), actions(1)),
    handles: fc.constant(true),
  }),
  'spurious wake-ups': fc.record({
    memory: fc.constant('sc' as const),
    cpus: fc.constant(2),
    events: fc.constant({ ...QUIET, spuriousWakes: true }),
    bound: fc.constant(1),
    threads: fc.tuple(actions(2), actions(2)),
    handles: fc.constant(false),
  }),
  'no kernel events': fc.record({
    memory: fc.constantFrom('sc' as const, 'tso' as const),
    cpus: fc.integer({ min: 1, max: 2 }),
    events: fc.constant(QUIET),
    bound: fc.constant(0),
    threads: fc.tuple(actions(2), actions(1), actions(1)),
    handles: fc.constant(false),
  }),
};
