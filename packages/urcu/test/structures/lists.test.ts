import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import { RcuHlist } from '../../src/structures/rcu-hlist.js';
import { RcuList } from '../../src/structures/rcu-list.js';

const VALUE = 8;
const NODE_BYTES = 12;
const POISON = -1;

/** What both lists have. */
interface ReadList {
  add(t: Thread, node: number): Operation<void>;
  del(t: Thread, node: number): Operation<void>;
  forEach(t: Thread, section: RcuToken, visit: (node: number) => Operation<void>): Operation<void>;
}

const LISTS: readonly (readonly [string, (process: Process) => ReadList])[] = [
  ['list', (process) => RcuList.create(process)],
  [
    'hlist',
    (process) => {
      const list = RcuHlist.create(process);
      return {
        add: (t, node) => list.addHead(t, node),
        del: (t, node) => list.del(t, node),
        forEach: (t, section, visit) => list.forEach(t, section, visit),
      };
    },
  ],
];

/** A reader walks over two nodes while an updater takes the second out and frees it. */
function walking(make: (process: Process) => ReadList, waits: boolean): Scenario {
  return scenario({
    name: 'walking over a list',
    machine: { cpus: 2, kernel: [rseq()], maxThreads: 2, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    setup({ machine, process }) {
      const rcu = RcuDomain.create(machine, process);
      const list = make(process);
      const nodes = [process.allocate(NODE_BYTES), process.allocate(NODE_BYTES)] as const;
      const [ready, seen] = [process.allocate(4), process.allocate(4)];
      for (const [n, node] of nodes.entries()) process.write32(node + VALUE, n + 1);
      process.spawn(
        function* updater(t) {
          for (const node of nodes) yield* list.add(t, node);
          yield* t.storeRelease(ready, 1);
          yield* list.del(t, nodes[0]);
          if (waits) yield* rcu.synchronize(t);
          yield* t.store(nodes[0] + VALUE, POISON);
        },
        { cpu: 0 },
      );
      process.spawn(
        function* reader(t) {
          yield* t.waitUntilEqual(ready, 1);
          const section = yield* rcu.readLock(t);
          yield* list.forEach(t, section, function* (node) {
            const value = yield* t.load(node + VALUE);
            yield* t.fetchAdd(seen, value === POISON ? 1000 : value);
          });
          yield* rcu.readUnlock(t, section);
        },
        { cpu: 1 },
      );
      return { seen, process };
    },
    check({ seen, process }, lab) {
      const sum = process.read32(seen);
      lab.expect(sum === 2 || sum === 3, `the second node, and maybe the first, got ${sum}`);
    },
  });
}

describe.each(LISTS)('a %s', (_, make) => {
  it('shows its nodes, the newest first', () => {
    const machine = new Machine({ cpus: 1 }, new TimedDirector());
    const process = machine.createProcess('main');
    const rcu = RcuDomain.create(machine, process);
    const list = make(process);
    const nodes = Array.from({ length: 3 }, () => process.allocate(NODE_BYTES));
    const walks: number[][] = [];
    process.spawn(function* user(t) {
      const section = yield* rcu.readLock(t);
      const walk = function* (): Operation<void> {
        const walked: number[] = [];
        walks.push(walked);
        yield* list.forEach(t, section, function* (node) {
          walked.push(nodes.indexOf(node));
        });
      };
      yield* walk();
      for (const node of nodes) yield* list.add(t, node);
      yield* walk();
      for (const n of [1, 2, 0]) {
        yield* list.del(t, nodes[n]!);
        yield* walk();
      }
    });
    machine.run();
    expect(walks).toEqual([[], [2, 1, 0], [2, 0], [0], []]);
  });

  it('is read while a node is taken out and freed after a grace period', () => {
    expect(check(walking(make, true))).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it('shows freed memory when there is no grace period', () => {
    expect(check(walking(make, false))).toMatchObject({ outcome: 'fails' });
  });
});

describe('a list', () => {
  it('has nodes at its end, too, and replaces one in place', () => {
    const machine = new Machine({ cpus: 1 }, new TimedDirector());
    const process = machine.createProcess('main');
    const rcu = RcuDomain.create(machine, process);
    const list = RcuList.create(process);
    const nodes = Array.from({ length: 3 }, () => process.allocate(NODE_BYTES));
    const walked: number[] = [];
    process.spawn(function* user(t) {
      yield* list.addTail(t, nodes[0]!);
      yield* list.addTail(t, nodes[1]!);
      yield* list.replace(t, nodes[0]!, nodes[2]!);
      const section = yield* rcu.readLock(t);
      yield* list.forEach(t, section, function* (node) {
        walked.push(nodes.indexOf(node));
      });
    });
    machine.run();
    expect(walked).toEqual([2, 1]);
  });
});
