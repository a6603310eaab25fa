import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RcuHashTable } from '../../src/structures/rcu-hash-table.js';
import { RcuList } from '../../src/structures/rcu-list.js';
import { HASH_NODE_BYTES } from '../../src/structures/split-ordered-list.js';
import { WfcQueue } from '../../src/structures/wfc-queue.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import { members, oneMember, spliced } from './linearizability.js';
import type { Structure } from './reclaiming.js';

/** The first node of a list, as its updater finds it; 0 in an empty one. */
function* firstOf(t: Thread, list: RcuList, section: RcuToken): Operation<number> {
  let first = 0;
  yield* list.forEach(t, section, function* visit(node) {
    if (first === 0) first = node;
  });
  return first;
}

/** Whether a reader of a list comes to a node. */
function* isIn(t: Thread, list: RcuList, section: RcuToken, wanted: number): Operation<number> {
  let found = 0;
  yield* list.forEach(t, section, function* visit(node) {
    if (node === wanted) found = 1;
  });
  return found;
}

/** A list to whose end nodes are added. */
export const LIST_BY_TAIL: Structure = {
  model: members,
  nodes: 2,
  nodeBytes: RcuList.nodeBytes,
  make(process) {
    const list = RcuList.create(process);
    return {
      acts: {
        *add(t, _, node) {
          yield* list.addTail(t, node);
          return 1;
        },
        *del(t, _, node) {
          yield* list.del(t, node);
          return 1;
        },
        has: (t, section, node) => isIn(t, list, section, node),
      },
      nodeToFree: (name, node) => (name === 'del' ? node : 0),
    };
  },
};

/** A list with a node that is replaced by another. */
export const LIST_REPLACED: Structure = {
  ...LIST_BY_TAIL,
  model: oneMember,
  make(process) {
    const list = RcuList.create(process);
    return {
      acts: {
        *add(t, _, node) {
          yield* list.add(t, node);
          return 1;
        },
        *replace(t, section, node) {
          const old = yield* firstOf(t, list, section);
          yield* list.replace(t, old, node);
          return old;
        },
        has: (t, section, node) => isIn(t, list, section, node),
      },
      nodeToFree: (name, _, result) => (name === 'replace' ? result : 0),
    };
  },
};

/** All entries have one key. */
const HASH = 0;

/** A hash table with an entry that is replaced by another of the same key. */
export const HASH_TABLE_REPLACED: Structure = {
  model: oneMember,
  nodes: 2,
  nodeBytes: HASH_NODE_BYTES,
  make(process, { rcu }) {
    const table = RcuHashTable.create(process, rcu, { maxBuckets: 1 });
    const [any, itself] = [
      () =>
        function* match(): Operation<boolean> {
          return true;
        },
      (wanted: number) =>
        function* match(_t: Thread, node: number): Operation<boolean> {
          return node === wanted;
        },
    ];
    return {
      acts: {
        *add(t, section, node) {
          return Number((yield* table.addUnique(t, section, HASH, node, any())) === undefined);
        },
        replace: (t, section, node) => table.addReplace(t, section, HASH, node, any()),
        *del(t, section, node) {
          if ((yield* table.lookup(t, section, HASH, itself(node))) === undefined) return 0;
          return Number(yield* table.del(t, section, node));
        },
        *has(t, section, node) {
          return Number((yield* table.lookup(t, section, HASH, itself(node))) !== undefined);
        },
      },
      nodeToFree(name, node, result) {
        if (name === 'replace') return result;
        return name === 'del' && result === 1 ? node : 0;
      },
    };
  },
};

/** A queue that takers move what is in another one to; one taker, so that what is taken may be freed at once. */
export const QUEUE_SPLICED: Structure = {
  model: spliced,
  nodes: 2,
  nodeBytes: 4,
  make(process) {
    const [from, to] = [WfcQueue.create(process), WfcQueue.create(process)];
    return {
      acts: {
        *put(t, _, node) {
          return Number(yield* from.enqueue(t, node));
        },
        *splice(t) {
          return Number(yield* to.splice(t, from));
        },
        take: (t) => to.dequeue(t),
      },
      nodeToFree: (name, _, result) => (name === 'take' ? result : 0),
    };
  },
};
