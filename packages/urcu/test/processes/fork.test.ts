import { describe, expect, it } from 'vitest';
import { rseq } from '@rseqlab/rseq-runtime';
import {
  Machine,
  SignalMaskHow,
  TimedDirector,
  fork,
  sigprocmask,
  signalSet,
  waitpid,
} from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import { SharedRcuDomain } from '../../src/processes/shared-rcu-domain.js';
import type { UrcuError } from '../../src/urcu-error.js';

/** Two processes that share a domain with room for three. */
function twoProcesses(processes = 3) {
  const machine = new Machine({ cpus: 2, kernel: [rseq()] }, new TimedDirector());
  const memory = machine.createSharedMemory(SharedRcuDomain.sizeBytes(machine, processes));
  const [first, second] = [machine.createProcess('first'), machine.createProcess('second')];
  const [one, two] = [first, second].map((process) =>
    SharedRcuDomain.attach(machine, process, memory, { processes, checkNs: 1000 }),
  ) as [SharedRcuDomain, SharedRcuDomain];
  return { machine, first, second, one, two };
}

function* codeOf(body: Operation<void>): Operation<string> {
  try {
    yield* body;
  } catch (error) {
    return (error as UrcuError).code;
  }
  return 'none';
}

describe('a fork of a process that shares a domain', () => {
  it('takes the section along: a grace period waits for the parent and for the child', () => {
    const { machine, first, second, one, two } = twoProcesses();
    const order: string[] = [];
    first.spawn(function* parent(t) {
      yield* one.join(t);
      const token = yield* one.readLock(t);
      yield* one.beforeFork(t, [token]);
      const pid = yield* fork(t, function* child(c) {
        yield* one.afterForkChild(c, [token]);
        while (!order.includes('waits')) yield* c.fence();
        for (let n = 0; n < 300; n++) yield* c.fence();
        order.push('child leaves');
        yield* one.readUnlock(c, token);
        yield* one.leave(c);
      });
      yield* one.afterForkParent(t, pid);
      order.push('parent leaves');
      yield* one.readUnlock(t, token);
      yield* waitpid(t, pid);
      yield* one.leave(t);
    });
    second.spawn(function* updater(t) {
      yield* two.join(t);
      while (!order.includes('parent leaves')) yield* t.fence();
      order.push('waits');
      yield* two.synchronize(t);
      order.push('grace period ends');
    });
    expect(machine.run().outcome).toBe('finished');
    expect(order).toEqual(['parent leaves', 'waits', 'child leaves', 'grace period ends']);
    expect(two.report()).toMatchObject({ readers: [], processes: [second.pid] });
  });

  it('that fails leaves nothing behind, and blocks no signals', () => {
    const { machine, first, one } = twoProcesses();
    const masks: unknown[] = [];
    const maskOf = (t: Thread) => sigprocmask(t, SignalMaskHow.SIG_BLOCK, signalSet());
    first.spawn(function* parent(t) {
      yield* one.join(t);
      const token = yield* one.readLock(t);
      yield* one.beforeFork(t, [token]);
      masks.push(yield* maskOf(t));
      yield* one.afterForkParent(t, -11);
      masks.push(yield* maskOf(t));
      yield* one.readUnlock(t, token);
    });
    machine.run();
    expect(one.report()).toMatchObject({ readers: [], processes: [first.pid] });
    expect(masks[0]).not.toEqual(signalSet());
    expect(masks[1]).toEqual(signalSet());
  });

  it('is refused without room for the child', () => {
    const { machine, first, one } = twoProcesses(1);
    const codes: string[] = [];
    first.spawn(function* parent(t) {
      yield* one.join(t);
      codes.push(yield* codeOf(one.beforeFork(t)));
    });
    machine.run();
    expect(codes).toEqual(['ERR_CAPACITY']);
  });

  it.each<[string, boolean, string]>([
    ['whose sections were given up', true, 'ERR_ORPHAN'],
    ['that was in no section', false, 'none'],
  ])('tells a child %s after its parent died', (_, isInside, code) => {
    const { machine, first, second, one, two } = twoProcesses();
    const codes: string[] = [];
    let isRecovered = false;
    first.spawn(function* parent(t) {
      yield* one.join(t);
      const sections: RcuToken[] = isInside ? [yield* one.readLock(t)] : [];
      yield* one.beforeFork(t, sections);
      yield* fork(t, function* child(c) {
        while (!isRecovered) yield* c.fence();
        codes.push(yield* codeOf(one.afterForkChild(c, sections)));
      });
    });
    second.spawn(function* updater(t) {
      yield* two.join(t);
      yield* two.readLock(t);
      while (!first.exited) yield* t.fence();
      yield* two.recover(t);
      isRecovered = true;
    });
    machine.run();
    expect(codes).toEqual([code]);
  });
});
