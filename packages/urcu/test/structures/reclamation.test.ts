import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { Mutex } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { CallRcu } from '../../src/deferred/call-rcu.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import { LfStack } from '../../src/structures/lf-stack.js';
import { RcuHashTable } from '../../src/structures/rcu-hash-table.js';
import { RcuHlist } from '../../src/structures/rcu-hlist.js';
import { QUEUE_NODE_BYTES, RcuLfQueue } from '../../src/structures/rcu-lf-queue.js';
import { RcuList } from '../../src/structures/rcu-list.js';
import { HASH_NODE_BYTES } from '../../src/structures/split-ordered-list.js';
import { WfStack } from '../../src/structures/wf-stack.js';
import { WfcQueue } from '../../src/structures/wfc-queue.js';
import { members, sequence } from './linearizability.js';
import { reclaiming } from './reclaiming.js';
import type { Reclaimed, Workload } from './reclaiming.js';

/** Two threads put and take, a third takes. */
const CONTENDING: Workload<unknown>['threads'] = [
  [
    ['put', 0],
    ['take', -1],
  ],
  [
    ['put', 1],
    ['take', -1],
  ],
  [['take', -1]],
];

/** An updater puts two nodes in and takes the first out; readers look for either. */
const LOOKED_THROUGH: Workload<unknown>['threads'] = [
  [
    ['add', 0],
    ['add', 1],
    ['del', 0],
  ],
  [
    ['has', 0],
    ['has', 1],
  ],
];

function container(
  put: (t: Thread, node: number, section: RcuToken) => Operation<boolean>,
  take: (t: Thread, section: RcuToken) => Operation<number>,
): Reclaimed {
  return {
    acts: {
      *put(t, section, node) {
        return Number(yield* put(t, node, section));
      },
      take: (t, section) => take(t, section),
    },
    nodeToFree: (name, _, result) => (name === 'take' ? result : 0),
  };
}

interface List {
  add(t: Thread, node: number): Operation<void>;
  del(t: Thread, node: number): Operation<void>;
  forEach(t: Thread, section: RcuToken, visit: (node: number) => Operation<void>): Operation<void>;
}

/** A list with one updater, and readers that walk through it. */
function listOf(list: List): Reclaimed {
  return {
    acts: {
      *add(t, _, node) {
        yield* list.add(t, node);
        return 1;
      },
      *del(t, _, node) {
        yield* list.del(t, node);
        return 1;
      },
      *has(t, section, wanted) {
        let found = 0;
        // The walk itself is what reads links; a visit needs no access.
        yield* list.forEach(t, section, function* visit(node) {
          if (node === wanted) found = 1;
        });
        return found;
      },
    },
    nodeToFree: (name, node) => (name === 'del' ? node : 0),
  };
}

function hlistOf(process: Process): List {
  const list = RcuHlist.create(process);
  return {
    add: (t, node) => list.addHead(t, node),
    del: (t, node) => list.del(t, node),
    forEach: (t, section, visit) => list.forEach(t, section, visit),
  };
}

type Row = Omit<Workload<unknown>, 'waits'> & { readonly name: string };

const stack = { model: sequence('newest'), threads: CONTENDING, nodes: 2, nodeBytes: 4 } as const;
const list = { model: members, threads: LOOKED_THROUGH, nodes: 2, nodeBytes: 8 } as const;

const IN_NEED: readonly Row[] = [
  {
    name: 'wait-free stack',
    ...stack,
    make(_, process) {
      const it = WfStack.create(process);
      return container(
        (t, node) => it.push(t, node),
        (t) => it.pop(t),
      );
    },
  },
  {
    name: 'lock-free stack',
    ...stack,
    make(_, process) {
      const it = LfStack.create(process);
      return container(
        (t, node) => it.push(t, node),
        (t) => it.pop(t),
      );
    },
  },
  { name: 'list', ...list, make: (_, process) => listOf(RcuList.create(process)) },
  { name: 'hlist', ...list, make: (_, process) => listOf(hlistOf(process)) },
  {
    name: 'hash table that is resized',
    model: members,
    nodes: 3,
    nodeBytes: HASH_NODE_BYTES,
    threads: [
      [
        ['add', 0],
        ['del', 0],
      ],
      [
        ['has', 0],
        ['add', 1],
        ['del', 1],
      ],
    ],
    make(_, process, rcu) {
      const table = RcuHashTable.create(process, rcu, { maxBuckets: 2 });
      const itself = (wanted: number) =>
        function* match(_t: Thread, node: number): Operation<boolean> {
          return node === wanted;
        };
      return {
        acts: {
          *add(t, section, node) {
            const there = yield* table.addUnique(t, section, node, node, itself(node));
            return there === undefined ? 1 : 0;
          },
          *del(t, section, node) {
            return Number(yield* table.del(t, section, node));
          },
          *has(t, section, node) {
            return (yield* table.lookup(t, section, node, itself(node))) === undefined ? 0 : 1;
          },
        },
        nodeToFree: (name, node, result) => (name === 'del' && result === 1 ? node : 0),
        others: [
          function* resizer(t) {
            yield* table.resize(t, 2);
            yield* table.resize(t, 1);
          },
        ],
      };
    },
  },
  {
    name: 'lock-free queue',
    ...stack,
    model: sequence('oldest', false),
    nodeBytes: QUEUE_NODE_BYTES,
    make(machine, process, rcu) {
      const deferred = CallRcu.create(machine, process, rcu);
      const it = RcuLfQueue.create(process, deferred, 6);
      deferred.spawnWorkers();
      const queue = container(
        function* put(t, node, section) {
          yield* it.enqueue(t, section, node);
          return false;
        },
        (t, section) => it.dequeue(t, section),
      );
      return { ...queue, end: (t) => deferred.stop(t) };
    },
  },
];

const NEEDS_NONE: Row = {
  name: 'queue whose takers exclude each other',
  ...stack,
  model: sequence('oldest'),
  make(_, process) {
    const [it, mutex] = [WfcQueue.create(process), Mutex.create(process)];
    return container(
      (t, node) => it.enqueue(t, node),
      function* take(t) {
        yield* mutex.lock(t);
        const node = yield* it.dequeue(t);
        yield* mutex.unlock(t);
        return node;
      },
    );
  },
};

const sampled = { search: 'pct', seed: 1, executions: 150, kernelEvents: 0 } as const;

describe.each(IN_NEED)('a $name', (row) => {
  it('is linearizable, and nobody uses what is freed behind a grace period', () => {
    const { finding, executions } = check(reclaiming({ ...row, waits: true }), sampled);
    expect(finding).toBeUndefined();
    expect(executions).toBe(sampled.executions);
  });

  it('is used when it is freed if what is taken out is freed at once, which is found', () => {
    const result = check(reclaiming({ ...row, waits: false }), { ...sampled, executions: 4000 });
    expect(result).toMatchObject({ outcome: 'fails', finding: { kind: 'use-after-free' } });
  });
});

describe(`a ${NEEDS_NONE.name}`, () => {
  it('is linearizable, and what is taken out is free at once', () => {
    const { finding } = check(reclaiming({ ...NEEDS_NONE, waits: false }), sampled);
    expect(finding).toBeUndefined();
  });
});
