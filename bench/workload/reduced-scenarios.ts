import { scenario } from '@rseqlab/explorer';
import type { Lab, Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Mutex } from '@rseqlab/sim-machine';
import type { MemoryModelName, ThreadBody } from '@rseqlab/sim-machine';
import { LfStack, RcuDomain, RcuList } from '@rseqlab/urcu';
import { counting, fibonacci, pushing, recording } from './class-scenarios.js';

/** A scenario that is counted with the reduction and without. */
export interface Reduced {
  readonly checked: Scenario;
  /** Bound on kernel events. */
  readonly kernelEvents: number;
}

const NODE_BYTES = 64;

/** Counters, lists and RCU, each also with kernel events where there can be any. */
export const REDUCED: readonly Reduced[] = [
  ...[fibonacci(1, 'sc'), fibonacci(2, 'sc'), fibonacci(1, 'tso')].map(without),
  without(atomicCounting(4)),
  without(lockedCounting(2)),
  without(counting(2, 2)),
  ...[
    [2, 2, 1],
    [2, 1, 2],
    [3, 2, 1],
  ].map(([threads, cpus, kernelEvents]) => ({
    checked: counting(threads!, cpus!),
    kernelEvents: kernelEvents!,
  })),
  without(pushing(2, 2)),
  { checked: pushing(2, 2), kernelEvents: 1 },
  { checked: pushing(2, 1), kernelEvents: 1 },
  without(recording(2, 2)),
  { checked: recording(2, 2), kernelEvents: 1 },
  { checked: recording(2, 1), kernelEvents: 1 },
  without(stacking(2)),
  without(stacking(3)),
  without(walking('sc')),
  without(walking('tso')),
  without(replacing()),
];

function without(checked: Scenario): Reduced {
  return { checked, kernelEvents: 0 };
}

/** Threads on a CPU each. */
function spread(
  name: string,
  memory: MemoryModelName,
  threads: number,
  setUp: (lab: Lab) => readonly ThreadBody[],
): Scenario {
  return scenario({
    name,
    machine: {
      cpus: threads,
      maxThreads: threads,
      maxProcesses: 1,
      memory,
      memoryBytes: 2 ** 22,
      kernel: [rseq()],
    },
    events: { preemption: false, migration: false },
    setup(lab) {
      setUp(lab).forEach((body, cpu) => lab.spawn(body, { cpu }));
    },
  });
}

function copies(count: number, make: (index: number) => ThreadBody): readonly ThreadBody[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function atomicCounting(threads: number): Scenario {
  return spread(`atomic counter, ${threads} threads`, 'sc', threads, ({ process }) => {
    const word = process.allocate(4);
    return copies(threads, () => (t) => t.fetchAdd(word, 1));
  });
}

function lockedCounting(threads: number): Scenario {
  return spread(`counter under a mutex, ${threads} threads`, 'sc', threads, ({ process }) => {
    const mutex = Mutex.create(process);
    const word = process.allocate(4);
    return copies(
      threads,
      () =>
        function* add(t) {
          yield* mutex.lock(t);
          yield* t.store(word, (yield* t.load(word)) + 1);
          yield* mutex.unlock(t);
        },
    );
  });
}

function stacking(pushes: number): Scenario {
  return spread(`lock-free stack, ${pushes} pushes`, 'sc', pushes, ({ process }) => {
    const stack = LfStack.create(process);
    const nodes = process.allocate(NODE_BYTES * pushes);
    return copies(pushes, (index) => (t) => stack.push(t, nodes + NODE_BYTES * index));
  });
}

function walking(memory: MemoryModelName): Scenario {
  return spread(`RCU list, a reader beside 2 adds, ${memory}`, memory, 2, ({ process }) => {
    const list = RcuList.create(process);
    const nodes = process.allocate(NODE_BYTES * 2);
    return [
      function* add(t) {
        yield* list.add(t, nodes);
        yield* list.add(t, nodes + NODE_BYTES);
      },
      function* read(t) {
        const head = yield* t.loadAcquire(nodes);
        if (head !== 0) yield* t.load(head);
      },
    ];
  });
}

/** A reader follows a pointer, and an updater replaces its target and waits for the reader. */
function replacing(): Scenario {
  return spread('RCU per CPU, a reader beside an updater', 'sc', 2, ({ machine, process }) => {
    const rcu = RcuDomain.create(machine, process);
    const pointer = process.allocate(4);
    const [old, fresh] = [process.allocate(4), process.allocate(4)];
    process.write32(pointer, old);
    return [
      function* update(t) {
        yield* t.storeRelease(pointer, fresh);
        yield* rcu.synchronize(t);
        yield* t.store(old, -1);
      },
      function* read(t) {
        const token = yield* rcu.readLock(t);
        yield* t.load(yield* t.load(pointer));
        yield* rcu.readUnlock(t, token);
      },
    ];
  });
}
