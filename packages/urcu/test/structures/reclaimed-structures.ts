import { Mutex } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import type { RcuFlavour } from '../../src/rcu-flavour.js';
import { LfStack } from '../../src/structures/lf-stack.js';
import { RcuHashTable } from '../../src/structures/rcu-hash-table.js';
import { RcuHlist } from '../../src/structures/rcu-hlist.js';
import { QUEUE_NODE_BYTES, RcuLfQueue } from '../../src/structures/rcu-lf-queue.js';
import { RcuList } from '../../src/structures/rcu-list.js';
import { HASH_NODE_BYTES } from '../../src/structures/split-ordered-list.js';
import { WfStack } from '../../src/structures/wf-stack.js';
import { WfcQueue } from '../../src/structures/wfc-queue.js';
import { members, sequence } from './linearizability.js';
import type { Reclaimed, Structure } from './reclaiming.js';

/** What puts and takes. */
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

/** Blocks of the heap for nodes are so far apart: by this hash, neighbours are in different buckets. */
const hashOf = (node: number): number => node >>> 5;

/** A hash table whose entries are told apart by their addresses, and resized by grace periods of its own. */
function hashTable(process: Process, rcu: RcuFlavour): Reclaimed {
  const table = RcuHashTable.create(process, rcu, { maxBuckets: 2 });
  const itself = (wanted: number) =>
    function* match(_t: Thread, node: number): Operation<boolean> {
      return node === wanted;
    };
  const find = (t: Thread, section: RcuToken, node: number) =>
    table.lookup(t, section, hashOf(node), itself(node));
  return {
    acts: {
      *add(t, section, node) {
        const there = yield* table.addUnique(t, section, hashOf(node), node, itself(node));
        return there === undefined ? 1 : 0;
      },
      *del(t, section, node) {
        if ((yield* find(t, section, node)) === undefined) return 0;
        return Number(yield* table.del(t, section, node));
      },
      *has(t, section, node) {
        return (yield* find(t, section, node)) === undefined ? 0 : 1;
      },
    },
    upkeep: { resize: (t, buckets) => table.resize(t, buckets) },
    nodeToFree: (name, node, result) => (name === 'del' && result === 1 ? node : 0),
  };
}

const stack = { model: sequence('newest'), nodes: 2, nodeBytes: 4 } as const;
const list = { model: members, nodes: 2, nodeBytes: 8 } as const;

const entries = { model: members, nodes: 2, nodeBytes: HASH_NODE_BYTES } as const;

/** The structures whose nodes are freed behind grace periods. */
export const STRUCTURES = {
  'wait-free stack': {
    ...stack,
    make(process) {
      const it = WfStack.create(process);
      return container(
        (t, node) => it.push(t, node),
        (t) => it.pop(t),
      );
    },
  },
  'lock-free stack': {
    ...stack,
    make(process) {
      const it = LfStack.create(process);
      return container(
        (t, node) => it.push(t, node),
        (t) => it.pop(t),
      );
    },
  },
  list: { ...list, make: (process) => listOf(RcuList.create(process)) },
  hlist: { ...list, make: (process) => listOf(hlistOf(process)) },
  'hash table': { ...entries, make: (process, { rcu }) => hashTable(process, rcu) },
  'lock-free queue': {
    ...stack,
    model: sequence('oldest', false),
    nodeBytes: QUEUE_NODE_BYTES,
    defers: true,
    make(process, { deferred }) {
      const it = RcuLfQueue.create(process, deferred, 6);
      return container(
        function* put(t, node, section) {
          yield* it.enqueue(t, section, node);
          return false;
        },
        (t, section) => it.dequeue(t, section),
      );
    },
  },
} satisfies Record<string, Structure>;

/** A hash table that is resized without waiting for anybody. */
export const HASTILY_RESIZED: Structure = {
  ...entries,
  make(process, { rcu }) {
    const hasty: Partial<RcuFlavour> = {
      readLock: (t) => rcu.readLock(t),
      readUnlock: (t, token) => rcu.readUnlock(t, token),
      *synchronize() {
        // Nobody is waited for.
      },
    };
    return hashTable(process, hasty as RcuFlavour);
  },
};

/** A queue whose takers exclude each other, or do not: what is taken out of it may be freed at once. */
export function queue(takersExclude = true): Structure {
  return {
    ...stack,
    model: sequence('oldest'),
    make(process) {
      const [it, mutex] = [WfcQueue.create(process), Mutex.create(process)];
      return container(
        (t, node) => it.enqueue(t, node),
        function* take(t) {
          if (takersExclude) yield* mutex.lock(t);
          const node = yield* it.dequeue(t);
          if (takersExclude) yield* mutex.unlock(t);
          return node;
        },
      );
    },
  };
}
