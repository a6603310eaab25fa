import { describe, expect, it } from 'vitest';
import { rseq } from '@rseqlab/rseq-runtime';
import {
  Machine,
  RandomDirector,
  TimedDirector,
  fork,
  pthreadCreate,
  pthreadJoin,
} from '@rseqlab/sim-machine';
import type { Operation, Process, Thread } from '@rseqlab/sim-machine';
import { CallRcu } from '../../src/deferred/call-rcu.js';
import type { WorkerId, WorkerPlan } from '../../src/deferred/call-rcu.js';
import { RCU_HEAD_BYTES } from '../../src/deferred/call-rcu-queue.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { UrcuError } from '../../src/urcu-error.js';

interface Deferring {
  readonly process: Process;
  readonly rcu: RcuDomain;
  readonly deferred: CallRcu;
  readonly heads: readonly number[];
  /** The thread and the process that called each head, by its number. */
  readonly calls: { head: number; thread: number; pid: number }[];
  readonly note: ReturnType<CallRcu['define']>;
}

function setUp(plan: WorkerPlan = 'one', seed?: number): { machine: Machine } & Deferring {
  const director = seed === undefined ? new TimedDirector() : new RandomDirector({ seed });
  const machine = new Machine({ cpus: 2, kernel: [rseq()] }, director);
  const process = machine.createProcess('main');
  const rcu = RcuDomain.create(machine, process);
  const deferred = CallRcu.create(machine, process, rcu, plan);
  const heads = Array.from({ length: 6 }, () => process.allocate(RCU_HEAD_BYTES));
  const calls: Deferring['calls'] = [];
  const note = deferred.define(function* note(t, at) {
    calls.push({ head: heads.indexOf(at), thread: t.id, pid: t.process.pid });
  });
  return { machine, process, rcu, deferred, heads, calls, note };
}

function* codeOf(body: Operation<unknown>): Operation<string> {
  try {
    yield* body;
  } catch (error) {
    return (error as UrcuError).code;
  }
  return 'none';
}

describe('a worker that a thread has chosen', () => {
  it('does what that thread defers, and no other', () => {
    const { machine, process, deferred, heads, calls, note } = setUp();
    const own = deferred.defineWorker();
    deferred.spawnWorkers();
    process.spawn(function* chooser(t) {
      expect(yield* deferred.startWorker(t, own)).toBe(0);
      yield* deferred.call(t, heads[0]!, note);
      yield* deferred.useWorker(t, own);
      yield* deferred.call(t, heads[1]!, note);
      yield* deferred.useWorker(t, undefined);
      yield* deferred.call(t, heads[2]!, note);
      yield* deferred.barrier(t);
      yield* deferred.stop(t);
    });
    expect(machine.run().outcome).toBe('finished');
    const threads = [0, 1, 2].map((head) => calls.find((call) => call.head === head)!.thread);
    expect(threads[0]).toBe(threads[2]);
    expect(threads[1]).not.toBe(threads[0]);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'may be freed while a barrier waits for what it was given, seed %i',
    (seed) => {
      const { machine, process, deferred, heads, calls, note } = setUp('one', seed);
      const own = deferred.defineWorker();
      deferred.spawnWorkers();
      const atBarrier: number[] = [];
      process.spawn(function* parent(t) {
        yield* deferred.startWorker(t, own);
        const thread = yield* pthreadCreate(t, function* freeing(w: Thread) {
          yield* deferred.useWorker(w, own);
          for (const head of heads.slice(0, 3)) yield* deferred.call(w, head, note);
          yield* deferred.useWorker(w, undefined);
          yield* deferred.freeWorker(w, own);
          for (const head of heads.slice(3)) yield* deferred.call(w, head, note);
          return 0;
        });
        if (typeof thread === 'number') throw new Error('expected a thread');
        yield* deferred.barrier(t);
        yield* pthreadJoin(t, thread);
        yield* deferred.barrier(t);
        atBarrier.push(calls.length);
        yield* deferred.stop(t);
      });
      expect(machine.run().outcome).toBe('finished');
      expect(atBarrier).toEqual([6]);
    },
  );

  it('takes what is called after it has ended to the one that the thread would have', () => {
    const { machine, process, deferred, heads, calls, note } = setUp();
    const own = deferred.defineWorker();
    deferred.spawnWorkers();
    process.spawn(function* late(t) {
      yield* deferred.startWorker(t, own);
      yield* deferred.useWorker(t, own);
      yield* deferred.freeWorker(t, own);
      for (let n = 0; n < 500; n++) yield* t.fence();
      yield* deferred.call(t, heads[0]!, note);
      yield* deferred.barrier(t);
      yield* deferred.stop(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(calls.map(({ head }) => head)).toEqual([0]);
  });

  it('has to be one that was defined, starts once, and is used while it works', () => {
    const { machine, process, deferred } = setUp();
    const own = deferred.defineWorker();
    const codes: string[] = [];
    process.spawn(function* misuser(t) {
      codes.push(yield* codeOf(deferred.useWorker(t, own)));
      codes.push(yield* codeOf(deferred.startWorker(t, 7 as WorkerId)));
      codes.push(yield* codeOf(deferred.startWorker(t, own)));
      codes.push(yield* codeOf(deferred.startWorker(t, own)));
      yield* deferred.stop(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(codes).toEqual(['ERR_WORKER', 'ERR_WORKER', 'none', 'ERR_WORKER']);
  });
});

describe('deferred work across fork', () => {
  it.each<[WorkerPlan, number | undefined]>([
    ['one', undefined],
    ['per CPU', undefined],
    ['one', 1],
    ['one', 2],
    ['per CPU', 3],
    ['per CPU', 4],
  ])('by %s worker(s) is done in the parent and in the child, seed %s', (plan, seed) => {
    const { machine, process, rcu, deferred, heads, calls, note } = setUp(plan, seed);
    const own = deferred.defineWorker();
    deferred.spawnWorkers();
    const atBarrier: string[] = [];
    const finish = function* (t: Thread, who: string): Operation<void> {
      yield* deferred.call(t, heads[5]!, note);
      yield* deferred.barrier(t);
      const { pid } = t.process;
      const own = calls.filter((call) => call.pid === pid).map(({ head }) => head);
      atBarrier.push(`${who} ${own.sort().join('')}`);
      yield* deferred.stop(t);
    };
    process.spawn(function* parent(t) {
      yield* deferred.startWorker(t, own);
      yield* deferred.beforeFork(t);
      yield* rcu.beforeFork(t);
      // While the workers rest, so that both processes have them.
      for (const head of heads.slice(0, 3)) yield* deferred.call(t, head, note);
      yield* deferred.useWorker(t, own);
      for (const head of heads.slice(3, 5)) yield* deferred.call(t, head, note);
      const pid = yield* fork(t, function* child(c) {
        yield* rcu.afterForkChild(c);
        expect(yield* deferred.afterForkChild(c)).toBe(0);
        yield* finish(c, 'child');
      });
      yield* rcu.afterForkParent(t, pid);
      yield* deferred.afterForkParent(t);
      yield* finish(t, 'parent');
    });
    expect(machine.run().outcome).toBe('finished');
    expect(atBarrier.sort()).toEqual(['child 012345', 'parent 012345']);
  });

  it.each([1, 2, 3])('lets a barrier of another thread go on, seed %i', (seed) => {
    const { machine, process, rcu, deferred, heads, calls, note } = setUp('one', seed);
    deferred.spawnWorkers();
    const ended: string[] = [];
    process.spawn(function* waits(t) {
      yield* deferred.call(t, heads[0]!, note);
      yield* deferred.barrier(t);
      ended.push('barrier of the parent');
      yield* deferred.stop(t);
    });
    process.spawn(function* forks(t) {
      yield* deferred.beforeFork(t);
      yield* rcu.beforeFork(t);
      const pid = yield* fork(t, function* child(c) {
        yield* rcu.afterForkChild(c);
        yield* deferred.afterForkChild(c);
        yield* deferred.barrier(c);
        ended.push('barrier of the child');
        yield* deferred.stop(c);
      });
      yield* rcu.afterForkParent(t, pid);
      yield* deferred.afterForkParent(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(ended.sort()).toEqual(['barrier of the child', 'barrier of the parent']);
    expect(calls.filter(({ pid }) => pid === process.pid)).toHaveLength(1);
  });
});
