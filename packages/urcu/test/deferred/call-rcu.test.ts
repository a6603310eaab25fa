import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, RandomDirector, TimedDirector, setAffinity } from '@rseqlab/sim-machine';
import { CallRcu } from '../../src/deferred/call-rcu.js';
import type { WorkerPlan } from '../../src/deferred/call-rcu.js';
import { RCU_HEAD_BYTES } from '../../src/deferred/call-rcu-queue.js';
import { DeferredCallbacks } from '../../src/deferred/deferred-callbacks.js';
import { GracePeriodPoll } from '../../src/deferred/grace-period-poll.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { UrcuError } from '../../src/urcu-error.js';
import { EVERY_FLAVOUR } from '../every-flavour.js';

function machineOf(cpus: number, seed?: number) {
  const director = seed === undefined ? new TimedDirector() : new RandomDirector({ seed });
  const machine = new Machine({ cpus, kernel: [rseq()] }, director);
  return { machine, process: machine.createProcess('main') };
}

describe.each(Object.entries(EVERY_FLAVOUR))('deferred work under %s', (_, make) => {
  it.each<[WorkerPlan, number]>([
    ['one', 1],
    ['one', 2],
    ['per CPU', 3],
    ['per CPU', 4],
  ])('by %s worker(s) is done once, before a barrier ends, seed %i', (plan, seed) => {
    const { machine, process } = machineOf(2, seed);
    const deferred = CallRcu.create(machine, process, make(machine, process), plan);
    const heads = Array.from({ length: 6 }, () => process.allocate(RCU_HEAD_BYTES));
    const done: number[] = [];
    const note = deferred.define(function* note(_t, head) {
      done.push(head);
    });
    const atBarrier: number[] = [];
    deferred.spawnWorkers();
    process.spawn(function* updater(t) {
      for (const head of heads) yield* deferred.call(t, head, note);
      yield* deferred.barrier(t);
      atBarrier.push(done.length);
      yield* deferred.stop(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect([...done].sort()).toEqual([...heads].sort());
    expect(atBarrier).toEqual([heads.length]);
    if (plan === 'one') expect(done).toEqual(heads);
  });
});

describe('a callback', () => {
  it('does not come before readers have left, in every interleaving on one CPU', () => {
    const result = check(
      scenario({
        name: 'deferred free',
        machine: { cpus: 1, kernel: [rseq()], maxThreads: 3, maxProcesses: 1 },
        setup(lab) {
          const { machine, process } = lab;
          const rcu = RcuDomain.create(machine, process);
          const deferred = CallRcu.create(machine, process, rcu);
          const pointer = process.allocate(4);
          const old = process.allocate(RCU_HEAD_BYTES + 4);
          process.write32(pointer, old);
          const free = deferred.define((t, head) => t.store(head + RCU_HEAD_BYTES, 1));
          deferred.spawnWorkers();
          lab.spawn(function* reader(t) {
            const token = yield* rcu.readLock(t);
            const node = yield* t.load(pointer);
            if (node !== 0)
              lab.expect((yield* t.load(node + RCU_HEAD_BYTES)) === 0, 'no freed memory', t);
            yield* rcu.readUnlock(t, token);
          });
          lab.spawn(function* updater(t) {
            yield* t.exchange(pointer, 0);
            yield* deferred.call(t, old, free);
            yield* deferred.stop(t);
          });
          return old;
        },
        check(old, lab) {
          lab.expectEqual(lab.process.read32(old + RCU_HEAD_BYTES), 1, 'what the callback wrote');
        },
      }),
      { kernelEvents: 1 },
    );
    expect(result.finding).toBeUndefined();
    expect(result.reason).toBe('the bound of 1 kernel events');
  });

  it('may defer itself again', () => {
    const { machine, process } = machineOf(1);
    const deferred = CallRcu.create(machine, process, RcuDomain.create(machine, process));
    const head = process.allocate(RCU_HEAD_BYTES);
    let calls = 0;
    const again = deferred.define(function* callAgain(t, at) {
      calls += 1;
      if (calls < 3) yield* deferred.call(t, at, again);
      else yield* deferred.stop(t);
    });
    deferred.spawnWorkers();
    process.spawn((t) => deferred.call(t, head, again));
    expect(machine.run().outcome).toBe('finished');
    expect(calls).toBe(3);
  });

  it('is refused when its head waits already', () => {
    const { machine, process } = machineOf(1);
    const deferred = CallRcu.create(machine, process, RcuDomain.create(machine, process));
    const head = process.allocate(RCU_HEAD_BYTES);
    const nothing = deferred.define(function* nothing() {
      // Only its head matters.
    });
    const codes: unknown[] = [];
    process.spawn(function* updater(t) {
      yield* deferred.call(t, head, nothing);
      try {
        yield* deferred.call(t, head, nothing);
      } catch (error) {
        codes.push((error as UrcuError).code);
      }
    });
    machine.run();
    expect(codes).toEqual(['ERR_DOUBLE_CALL']);
  });

  it('is refused when its number is none', () => {
    const callbacks = new DeferredCallbacks();
    expect(() => callbacks.at(1)).toThrow(expect.objectContaining({ code: 'ERR_CALLBACK' }));
  });

  it('runs on the worker of the CPU that deferred it', () => {
    const { machine, process } = machineOf(2);
    const rcu = RcuDomain.create(machine, process);
    const deferred = CallRcu.create(machine, process, rcu, 'per CPU');
    const heads = [process.allocate(RCU_HEAD_BYTES), process.allocate(RCU_HEAD_BYTES)];
    const workers: number[] = [];
    const note = deferred.define(function* note(t) {
      workers.push(t.id);
    });
    deferred.spawnWorkers();
    process.spawn(function* updater(t) {
      for (const [cpu, head] of heads.entries()) {
        yield* setAffinity(t, [cpu]);
        yield* deferred.call(t, head, note);
        yield* deferred.barrier(t);
      }
      yield* deferred.stop(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(new Set(workers).size).toBe(2);
  });
});

describe('a polled grace period', () => {
  it('passes after a reader has left, and not before', () => {
    const { machine, process } = machineOf(2);
    const rcu = RcuDomain.create(machine, process);
    const deferred = CallRcu.create(machine, process, rcu);
    const polls = GracePeriodPoll.create(process, deferred);
    const seen: boolean[] = [];
    deferred.spawnWorkers();
    process.spawn(function* poller(t) {
      const token = yield* rcu.readLock(t);
      const cookie = yield* polls.start(t);
      for (let n = 0; n < 200; n++) yield* t.fence();
      seen.push(yield* polls.poll(t, cookie));
      yield* rcu.readUnlock(t, token);
      yield* deferred.barrier(t);
      seen.push(yield* polls.poll(t, cookie));
      yield* deferred.stop(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(seen).toEqual([false, true]);
  });

  it('that was asked for while another was under way is a later one', () => {
    const { machine, process } = machineOf(2);
    const rcu = RcuDomain.create(machine, process);
    const deferred = CallRcu.create(machine, process, rcu);
    const polls = GracePeriodPoll.create(process, deferred);
    const cookies: number[] = [];
    process.spawn(function* poller(t) {
      const token = yield* rcu.readLock(t);
      cookies.push(yield* polls.start(t), yield* polls.start(t), yield* polls.start(t));
      yield* rcu.readUnlock(t, token);
    });
    machine.run();
    expect(cookies).toEqual([1, 2, 2]);
  });
});
