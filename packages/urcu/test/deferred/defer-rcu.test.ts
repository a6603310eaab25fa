import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, RandomDirector, TimedDirector, fork } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { DeferRcu } from '../../src/deferred/defer-rcu.js';
import type { DeferRcuOptions } from '../../src/deferred/defer-rcu.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { UrcuError } from '../../src/urcu-error.js';
import { EVERY_FLAVOUR } from '../every-flavour.js';
import type { MakeFlavour } from '../every-flavour.js';
import { deferFork } from './defer-fork-scenario.js';

const perCpu: MakeFlavour = (machine, process) => RcuDomain.create(machine, process);

function setUp(options: DeferRcuOptions = {}, make = perCpu, seed?: number) {
  const director = seed === undefined ? new TimedDirector() : new RandomDirector({ seed });
  const machine = new Machine({ cpus: 2, kernel: [rseq()] }, director);
  const process = machine.createProcess('main');
  const rcu = make(machine, process);
  const defer = DeferRcu.create(process, rcu, options);
  const done: number[] = [];
  const note = defer.define(function* note(_t, argument) {
    done.push(argument);
  });
  return { machine, process, rcu, defer, done, note };
}

describe.each(Object.entries(EVERY_FLAVOUR))('defer_rcu under %s', (_, make) => {
  it.each([1, 2])('calls everything once, in order of its thread, seed %i', (seed) => {
    const { machine, process, rcu, defer, done, note } = setUp({ capacity: 4 }, make, seed);
    defer.spawnReclaimer();
    for (const first of [100, 200])
      process.spawn(function* deferring(t) {
        yield* defer.registerThread(t);
        for (let n = 0; n < 10; n++) yield* defer.defer(t, note, first + n);
        yield* defer.unregisterThread(t);
        if (done.length >= 20) yield* defer.stop(t);
      });
    process.spawn(function* reader(t) {
      yield* rcu.registerThread(t);
      for (let n = 0; n < 5; n++) yield* rcu.readUnlock(t, yield* rcu.readLock(t));
      yield* rcu.unregisterThread(t);
    });
    expect(machine.run().outcome).toBe('finished');
    for (const first of [100, 200])
      expect(done.filter((argument) => argument >= first && argument < first + 100)).toEqual(
        Array.from({ length: 10 }, (_unused, n) => first + n),
      );
  });
});

describe('what a thread has deferred', () => {
  it('waits for readers that are inside', () => {
    const { machine, process, rcu, defer, done, note } = setUp();
    const order: string[] = [];
    let isInside = false;
    process.spawn(function* reader(t) {
      const token = yield* rcu.readLock(t);
      isInside = true;
      for (let n = 0; n < 300; n++) yield* t.fence();
      order.push(`reader leaves, ${done.length} done`);
      yield* rcu.readUnlock(t, token);
    });
    process.spawn(function* deferring(t) {
      yield* defer.registerThread(t);
      while (!isInside) yield* t.fence();
      yield* defer.defer(t, note, 1);
      yield* defer.barrierThread(t);
      order.push(`barrier ends, ${done.length} done`);
    });
    machine.run();
    expect(order).toEqual(['reader leaves, 0 done', 'barrier ends, 1 done']);
  });

  it('is done by a barrier of another thread, and when the thread unregisters', () => {
    const { machine, process, defer, done, note } = setUp();
    const seen: number[] = [];
    process.spawn(function* deferring(t) {
      yield* defer.registerThread(t);
      yield* defer.defer(t, note, 1);
      seen.push(0);
      while (seen.length < 2) yield* t.fence();
      yield* defer.defer(t, note, 2);
      yield* defer.unregisterThread(t);
      seen.push(done.length);
    });
    process.spawn(function* other(t) {
      while (seen.length === 0) yield* t.fence();
      yield* defer.barrier(t);
      seen.push(done.length);
    });
    machine.run();
    expect(seen).toEqual([0, 1, 2]);
  });

  it('needs a registration, one, and room for it', () => {
    const { machine, process, defer, note } = setUp({ threads: 1 });
    const codes: string[] = [];
    const told = function* (body: Operation<void>): Operation<void> {
      try {
        yield* body;
      } catch (error) {
        codes.push((error as UrcuError).code);
      }
    };
    process.spawn(function* first(t: Thread) {
      yield* told(defer.defer(t, note, 1));
      yield* defer.registerThread(t);
      yield* told(defer.registerThread(t));
    });
    process.spawn(function* second(t: Thread) {
      while (codes.length < 2) yield* t.fence();
      yield* told(defer.registerThread(t));
    });
    machine.run();
    expect(codes).toEqual(['ERR_REGISTRATION', 'ERR_REGISTRATION', 'ERR_CAPACITY']);
    expect(() =>
      DeferRcu.create(process, RcuDomain.create(machine, process), { capacity: 3 }),
    ).toThrow(expect.objectContaining({ code: 'ERR_CAPACITY' }));
  });
});

it('is made once a process: a thread has one ring', () => {
  const { process, rcu } = setUp();
  expect(() => DeferRcu.create(process, rcu)).toThrow(/expected free thread data .* for defer_rcu/);
});

describe('defer_rcu across fork', () => {
  const everyState = { search: 'states', decisions: 3000 } as const;

  it('calls one twice in the child where fork does not wait for functions under way, which is found', () => {
    expect(check(deferFork({ before: false }), everyState)).toMatchObject({
      outcome: 'fails',
      finding: { message: 'expected each function to be called once in the child' },
    });
  });

  it('waits for ever in a child that is told nothing, which is found', () => {
    expect(check(deferFork({ inChild: false }), everyState)).toMatchObject({
      outcome: 'fails',
      finding: { kind: 'deadlock' },
    });
  });

  it.each([1, 2, 3])('calls everything in the parent and in the child, seed %i', (seed) => {
    const { machine, process, rcu, defer } = setUp({ threads: 2, capacity: 4 }, perCpu, seed);
    if (!(rcu instanceof RcuDomain)) throw new Error('expected a per-CPU domain');
    const domain = rcu;
    const called = process.allocate(4);
    const count = defer.define(function* count(t, argument) {
      yield* t.fetchAdd(called, argument);
    });
    defer.spawnReclaimer();
    const sums: string[] = [];
    const left = process.allocate(4);
    process.write32(left, 2);
    const finish = function* (t: Thread): Operation<void> {
      yield* defer.unregisterThread(t);
      if ((yield* t.fetchAdd(left, -1)) === 1) yield* defer.stop(t);
    };
    process.spawn(function* other(t) {
      yield* defer.registerThread(t);
      yield* defer.defer(t, count, 100);
      yield* defer.barrierThread(t);
      yield* finish(t);
    });
    process.spawn(function* parent(t) {
      yield* defer.registerThread(t);
      for (let n = 0; n < 3; n++) yield* defer.defer(t, count, 1);
      yield* defer.beforeFork(t);
      yield* domain.beforeFork(t);
      const pid = yield* fork(t, function* child(c) {
        yield* domain.afterForkChild(c);
        expect(yield* defer.afterForkChild(c)).toBe(0);
        sums.push(`child ${(yield* c.load(called)) % 100}`);
        yield* defer.defer(c, count, 1);
        yield* c.store(left, 1);
        yield* finish(c);
        sums.push(`child ${(yield* c.load(called)) % 100}`);
      });
      yield* domain.afterForkParent(t, pid);
      yield* defer.afterForkParent(t);
      yield* finish(t);
      sums.push(`parent ${(yield* t.load(called)) % 100}`);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(sums.sort()).toEqual(['child 3', 'child 4', 'parent 3']);
    expect(process.read32(called)).toBe(103);
  });
});
