import { scenario } from '@rseqlab/explorer';
import type { Lab, Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { MemoryModelName, Operation, Thread } from '@rseqlab/sim-machine';
import { pointerPlans, copyPlans } from '../src/buffer-plans.js';
import type { BufferPlans } from '../src/buffer-plans.js';
import type { OperationPlan } from '../src/operation-plan.js';
import { PerCpuBuffer } from '../src/per-cpu-buffer.js';
import { PerCpuCopyBuffer } from '../src/per-cpu-copy-buffer.js';
import { PerCpuCounter } from '../src/per-cpu-counter.js';
import { PerCpuList } from '../src/per-cpu-list.js';
import type { ListPlans } from '../src/per-cpu-list.js';
import type { PerCpuOptions } from '../src/per-cpu-options.js';
import { PerCpuSpinLock } from '../src/per-cpu-spin-lock.js';

/** The machine and the options of a structure. */
export interface Setting extends PerCpuOptions {
  readonly cpus: number;
  readonly memory?: MemoryModelName;
  readonly aborts?: boolean;
  /** Bytes of an item of a copy buffer; default 8, which can be torn. */
  readonly itemBytes?: 4 | 8;
  /** What the second thread does with a buffer, while the first one pushes; default it pops. */
  readonly second?: 'pushes' | 'pops';
}

const THREADS = 2;

function twoThreads<State>(
  name: string,
  { cpus, memory = 'sc', aborts = true, index }: Setting,
  setup: (lab: Lab) => State,
  body: (state: State, t: Thread, thread: number) => Operation<void>,
  check: (state: State, lab: Lab) => void,
): Scenario {
  return scenario({
    name,
    machine: {
      cpus,
      memory,
      kernel: [rseq({ aborts, profile: index === 'mm_cid' ? 'v6.19' : 'v6.1' })],
      maxThreads: THREADS,
      maxProcesses: 1,
    },
    setup(lab) {
      const state = setup(lab);
      for (let thread = 0; thread < THREADS; thread++)
        lab.spawn(function* worker(t) {
          yield* body(state, t, thread);
        });
      return state;
    },
    check,
  });
}

/** Each thread adds once: the sum is the number of threads. */
export function counting(setting: Setting): Scenario {
  const method = setting.index === 'mm_cid' ? 'rseq by mm_cid' : 'rseq';
  return twoThreads(
    'counter',
    setting,
    (lab) => PerCpuCounter.create(lab.machine, lab.process, method),
    (counter, t) => counter.add(t, 1),
    (counter, lab) => {
      lab.expectEqual(counter.sum(), THREADS, 'the sum');
    },
  );
}

/** Each thread adds to its index's word by load and store, under the lock. */
export function locking(setting: Setting, plan?: OperationPlan): Scenario {
  return twoThreads(
    'spin lock',
    setting,
    (lab) => ({
      lock: PerCpuSpinLock.create(lab.machine, lab.process, setting, plan),
      words: lab.process.allocate(64 * setting.cpus),
    }),
    function* ({ lock, words }, t) {
      const index = yield* lock.lock(t);
      const word = words + 64 * index;
      yield* t.store(word, (yield* t.load(word)) + 1);
      yield* lock.unlock(t, index);
    },
    ({ words }, lab) => {
      let sum = 0;
      for (let cpu = 0; cpu < setting.cpus; cpu++) sum += lab.process.read32(words + 64 * cpu);
      lab.expectEqual(sum, THREADS, 'the sum');
    },
  );
}

/** Each thread takes a node, if there is one, and puts it back: in the end all are there, once. */
export function allocating(setting: Setting, plans?: ListPlans): Scenario {
  return twoThreads(
    'list',
    setting,
    (lab) => {
      const list = PerCpuList.create(lab.machine, lab.process, setting, plans);
      const nodes = [lab.process.allocate(4), lab.process.allocate(4)];
      for (const node of nodes) list.prepend(0, node);
      return { list, nodes };
    },
    function* ({ list }, t) {
      const node = yield* list.pop(t);
      if (node !== 0) yield* list.push(t, node);
    },
    ({ list, nodes }, lab) => {
      lab.expectEqual(sorted(list.nodes(5)), sorted(nodes), 'the free nodes');
    },
  );
}

/** One thread pushes a node, the other takes all there are: nothing is lost. */
export function emptying(setting: Setting, plans?: ListPlans): Scenario {
  return twoThreads(
    'list, pop all',
    setting,
    (lab) => {
      const list = PerCpuList.create(lab.machine, lab.process, setting, plans);
      const nodes = [lab.process.allocate(4), lab.process.allocate(4)];
      list.prepend(0, nodes[0]!);
      return { list, nodes, taken: [] as number[] };
    },
    function* ({ list, nodes, taken }, t, thread) {
      if (thread === 0) return yield* list.push(t, nodes[1]!);
      for (let node = yield* list.popAll(t); node !== 0; node = yield* list.next(t, node))
        taken.push(node);
    },
    ({ list, nodes, taken }, lab) => {
      lab.expectEqual(sorted([...taken, ...list.nodes(5)]), sorted(nodes), 'all nodes');
    },
  );
}

/** A pointer is pushed, another pushed or taken: none is lost, none is there twice. */
export function buffering(setting: Setting, plans: BufferPlans = pointerPlans(2)): Scenario {
  return twoThreads(
    'buffer',
    setting,
    ({ machine, process }) => {
      const buffer = PerCpuBuffer.create(machine, process, 2, setting, plans);
      if (setting.second !== 'pushes') buffer.fill(0, [1001]);
      return { buffer, taken: [] as number[] };
    },
    function* ({ buffer, taken }, t, thread) {
      if (thread === 0 || setting.second === 'pushes') {
        yield* buffer.push(t, 1000 + thread);
        return;
      }
      const got = yield* buffer.pop(t);
      if (got !== 0) taken.push(got);
    },
    ({ buffer, taken }, lab) => {
      lab.expectEqual(sorted([...taken, ...buffer.pointers()]), '1000,1001', 'the pointers');
    },
  );
}

/** An item is pushed, another pushed or taken: each is there once, and whole. */
export function copying(
  setting: Setting,
  plans: BufferPlans = copyPlans(2, setting.itemBytes ?? 8),
): Scenario {
  const { itemBytes = 8, second } = setting;
  const words = itemBytes / 4;
  const itemOf = (thread: number): number[] => [10 + thread, 20 + thread].slice(0, words);
  return twoThreads(
    'copy buffer',
    setting,
    ({ machine, process }) => {
      const from = [process.allocate(itemBytes), process.allocate(itemBytes)];
      const to = [process.allocate(itemBytes), process.allocate(itemBytes)];
      for (const [n, at] of from.entries())
        for (const [word, value] of itemOf(n).entries()) process.write32(at + 4 * word, value);
      const size = { capacity: 2, itemBytes };
      const buffer = PerCpuCopyBuffer.create(machine, process, size, setting, plans);
      if (second !== 'pushes') buffer.fill(0, [itemOf(1)]);
      return { buffer, from, to, taken: [] as number[] };
    },
    function* ({ buffer, from, to, taken }, t, thread) {
      if (thread === 0 || second === 'pushes') {
        yield* buffer.push(t, from[thread]!);
        return;
      }
      if (yield* buffer.pop(t, to[thread]!)) taken.push(thread);
    },
    ({ buffer, to, taken }, lab) => {
      const items = taken.map((n) =>
        itemOf(0).map((_, word) => lab.process.read32(to[n]! + 4 * word)),
      );
      lab.expectEqual(
        sorted([...items, ...buffer.items()].map(String)),
        sorted([itemOf(0), itemOf(1)].map(String)),
        'the items',
      );
    },
  );
}

function sorted(values: readonly (number | string)[]): string {
  return [...values].sort().join();
}
