import { describe, expect, it } from 'vitest';
import { check, scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, Mutex, TimedDirector } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { CheckedMutex } from '../../src/checked/checked-mutex.js';
import { CheckedRcu } from '../../src/checked/checked-rcu.js';
import { CallRcu } from '../../src/deferred/call-rcu.js';
import { RCU_HEAD_BYTES } from '../../src/deferred/call-rcu-queue.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { UrcuError } from '../../src/urcu-error.js';

interface Lab {
  readonly rcu: CheckedRcu;
  readonly mutex: CheckedMutex;
  readonly deferred: CallRcu;
  readonly head: number;
}

type Body = (t: Thread, lab: Lab) => Operation<void>;

/** Runs threads one after the other on one CPU, and says what each was told. */
function errorsOf(...bodies: readonly Body[]): UrcuError[] {
  const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
  const process = machine.createProcess('main');
  const rcu = CheckedRcu.create(machine, process, RcuDomain.create(machine, process));
  const mutex = rcu.guard(Mutex.create(process));
  const deferred = CallRcu.create(machine, process, rcu);
  const head = process.allocate(RCU_HEAD_BYTES);
  const errors: UrcuError[] = [];
  for (const body of bodies)
    process.spawn(function* worker(t) {
      try {
        yield* body(t, { rcu, mutex, deferred, head });
      } catch (error) {
        errors.push(error as UrcuError);
      }
    });
  machine.run();
  return errors;
}

const placesOf = (error: UrcuError | undefined) =>
  new Set(error?.message.match(/diagnostics\.test\.ts:\d+/g));

const reads: Body = function* (t, { rcu, mutex }) {
  const token = yield* rcu.readLock(t);
  yield* mutex.lock(t);
  yield* mutex.unlock(t);
  yield* rcu.readUnlock(t, token);
};

const waits: Body = function* (t, { rcu, mutex }) {
  yield* mutex.lock(t);
  yield* rcu.synchronize(t);
  yield* mutex.unlock(t);
};

const waitsWithout: Body = function* (t, { rcu, mutex }) {
  yield* mutex.lock(t);
  yield* mutex.unlock(t);
  yield* rcu.synchronize(t);
};

describe('a mutex that readers take', () => {
  it('is not to be held across a grace period, though they never met, and both places are told', () => {
    for (const order of [
      [reads, waits],
      [waits, reads],
    ]) {
      const errors = errorsOf(...order);
      expect(errors.map(({ code }) => code)).toEqual(['ERR_DEADLOCK']);
      expect(placesOf(errors[0]).size).toBe(2);
    }
  });

  it('may be held around anything else', () => {
    expect(errorsOf(reads, waitsWithout)).toEqual([]);
    expect(errorsOf(waits, waits)).toEqual([]);
  });
});

describe('a head that is deferred twice', () => {
  it('is found, and both places are told', () => {
    const errors = errorsOf(function* twice(t, { rcu, deferred, head }) {
      const nothing = deferred.define(function* nothing() {
        // Only its head matters.
      });
      yield* rcu.call(t, deferred, head, nothing);
      yield* rcu.call(t, deferred, head, nothing);
    });
    expect(errors.map(({ code }) => code)).toEqual(['ERR_DOUBLE_CALL']);
    expect(placesOf(errors[0]).size).toBe(2);
  });

  it('may be deferred again when it has been called', () => {
    const calls: number[] = [];
    const errors = errorsOf(function* again(t, { rcu, deferred, head }) {
      const note = deferred.define(function* note(_t, at) {
        calls.push(at);
      });
      yield* deferred.startWorkers(t);
      yield* rcu.call(t, deferred, head, note);
      yield* deferred.barrier(t);
      yield* rcu.call(t, deferred, head, note);
      yield* deferred.barrier(t);
      yield* deferred.stop(t);
    });
    expect(errors).toEqual([]);
    expect(calls).toHaveLength(2);
  });
});

describe('memory that is freed while a reader has it', () => {
  const freeing = (isEarly: boolean) =>
    scenario({
      name: 'freeing under RCU',
      machine: { cpus: 2, kernel: [rseq()], maxThreads: 2, maxProcesses: 1 },
      events: { preemption: false, migration: false },
      detect: ['memory'],
      setup(lab) {
        const rcu = RcuDomain.create(lab.machine, lab.process);
        const pointer = lab.process.allocate(4);
        const old = lab.heap.allocate(4);
        lab.process.write32(pointer, old);
        lab.spawn(function* reader(t) {
          const token = yield* rcu.readLock(t);
          const target = yield* t.load(pointer);
          if (target !== 0) yield* t.load(target);
          yield* rcu.readUnlock(t, token);
        });
        lab.spawn(function* updater(t) {
          yield* t.exchange(pointer, 0);
          if (!isEarly) yield* rcu.synchronize(t);
          yield* lab.heap.free(t, old);
        });
      },
    });

  it('is found, with who used it, who freed it and who allocated it', () => {
    const { finding } = check(freeing(true));
    expect(finding).toMatchObject({ kind: 'use-after-free' });
    expect(finding!.places!.map(({ role, thread }) => [role, thread])).toEqual([
      ['access', 0],
      ['free', 1],
      ['allocation', -1],
    ]);
    expect(check(freeing(false), { kernelEvents: 0 }).finding).toBeUndefined();
  });
});
