import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import { Machine, Mutex, TimedDirector } from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { LfStack } from '../../src/structures/lf-stack.js';
import { WfStack } from '../../src/structures/wf-stack.js';
import { WfcQueue } from '../../src/structures/wfc-queue.js';
import { History, isLinearizable, sequence } from './linearizability.js';

/** What the structures have in common; a put says whether there was something before. */
interface Container {
  put(t: Thread, node: number): Operation<boolean>;
  take(t: Thread): Operation<number>;
}

const CONTAINERS = [
  [
    'wait-free stack',
    'newest',
    (process: Process): Container => {
      const stack = WfStack.create(process);
      return { put: (t, node) => stack.push(t, node), take: (t) => stack.pop(t) };
    },
  ],
  [
    'lock-free stack',
    'newest',
    (process: Process): Container => {
      const stack = LfStack.create(process);
      return { put: (t, node) => stack.push(t, node), take: (t) => stack.pop(t) };
    },
  ],
  [
    'queue',
    'oldest',
    (process: Process): Container => {
      const queue = WfcQueue.create(process);
      return { put: (t, node) => queue.enqueue(t, node), take: (t) => queue.dequeue(t) };
    },
  ],
] as const;

/** Two threads put a node each, or one puts and one takes; a third takes. One CPU each. */
function contending(
  make: (process: Process) => Container,
  takes: 'oldest' | 'newest',
  threads: readonly (readonly ('put' | 'take')[])[],
): Scenario {
  return scenario({
    name: 'contending',
    machine: { cpus: threads.length, maxThreads: threads.length, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    setup({ process }) {
      const container = make(process);
      const history = new History(process, threads.flat().length);
      const calls = threads.map((names) =>
        names.map((name) => {
          const node = process.allocate(4);
          return name === 'put'
            ? history.call('put', node, function* put(t) {
                return Number(yield* container.put(t, node));
              })
            : history.call('take', 0, (t) => container.take(t));
        }),
      );
      for (const [cpu, mine] of calls.entries())
        process.spawn(
          function* user(t) {
            for (const each of mine) yield* each(t);
          },
          { cpu },
        );
      return history;
    },
    check(history, lab) {
      const calls = history.calls();
      lab.expect(isLinearizable(calls, sequence(takes)), `linearizable: ${JSON.stringify(calls)}`);
    },
  });
}

describe.each(CONTAINERS)('a %s', (_, takes, make) => {
  it('gives back what was put, in its order', () => {
    const machine = new Machine({ cpus: 1 }, new TimedDirector());
    const process = machine.createProcess('main');
    const container = make(process);
    const nodes = [process.allocate(4), process.allocate(4), process.allocate(4)];
    const seen: unknown[] = [];
    process.spawn(function* user(t) {
      for (const node of nodes) seen.push(yield* container.put(t, node));
      for (let n = 0; n < 4; n++) seen.push(nodes.indexOf(yield* container.take(t)));
    });
    machine.run();
    const order = takes === 'oldest' ? [0, 1, 2] : [2, 1, 0];
    expect(seen).toEqual([false, true, true, ...order, -1]);
  });

  it('is linearizable while one thread puts and another takes', () => {
    const result = check(contending(make, takes, [['put', 'put'], ['take']]));
    expect(result).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it('is linearizable while two threads put and one of them takes', () => {
    const result = check(contending(make, takes, [['put', 'take'], ['put']]));
    expect(result).toMatchObject({ outcome: 'holds', blocked: 0 });
  });
});

describe('a stack that loses what was put', () => {
  it('is found not to be linearizable', () => {
    const broken = (process: Process): Container => {
      const head = process.allocate(4);
      return {
        *put(t, node) {
          const before = yield* t.load(head);
          yield* t.store(node, before);
          yield* t.store(head, node);
          return before !== 0;
        },
        *take(t) {
          const node = yield* t.load(head);
          if (node !== 0) yield* t.store(head, yield* t.load(node));
          return node;
        },
      };
    };
    expect(check(contending(broken, 'newest', [['put', 'take'], ['put']]))).toMatchObject({
      outcome: 'fails',
    });
  });
});

describe('a lock-free stack whose nodes come back at once', () => {
  function reusing(protect: boolean): Scenario {
    return scenario({
      name: 'ABA',
      machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
      events: { preemption: false, migration: false },
      setup({ process }) {
        const stack = LfStack.create(process);
        const mutex = Mutex.create(process);
        const nodes = [process.allocate(4), process.allocate(4)] as const;
        const ready = process.allocate(4);
        const taken = process.allocate(8);
        const pop = function* pop(t: Thread): Operation<number> {
          if (!protect) return yield* stack.pop(t);
          yield* mutex.lock(t);
          const node = yield* stack.pop(t);
          yield* mutex.unlock(t);
          return node;
        };
        process.spawn(
          function* slow(t) {
            yield* stack.push(t, nodes[1]);
            yield* stack.push(t, nodes[0]);
            yield* t.storeRelease(ready, 1);
            yield* t.store(taken, yield* pop(t));
          },
          { cpu: 0 },
        );
        process.spawn(
          function* quick(t) {
            yield* t.waitUntilEqual(ready, 1);
            const first = yield* pop(t);
            yield* t.store(taken + 4, yield* pop(t));
            if (first !== 0) yield* stack.push(t, first);
          },
          { cpu: 1 },
        );
        return { stack, taken, process };
      },
      check({ taken, process }, lab) {
        const [slow, quick] = [process.read32(taken), process.read32(taken + 4)];
        const head = process.read32(0x10000000);
        lab.expect(slow !== quick || slow === 0, 'each node to be taken once');
        lab.expect(head === 0 || head !== quick, 'no node in the stack that was taken');
      },
    });
  }

  it('meets a node in another place (ABA) without protection', () => {
    expect(check(reusing(false))).toMatchObject({ outcome: 'fails' });
  });

  it('is all right when pops exclude each other', () => {
    expect(check(reusing(true))).toMatchObject({ outcome: 'holds' });
  });
});
