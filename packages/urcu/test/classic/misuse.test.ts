import { describe, expect, it } from 'vitest';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { CountedFlavour } from '../../src/classic/counted-flavour.js';
import { QsbrFlavour } from '../../src/classic/qsbr-flavour.js';
import { UrcuError } from '../../src/urcu-error.js';

/** Runs one thread per body and says which error each ended with. */
function errorsOf<Flavour>(
  make: (machine: Machine) => Flavour,
  ...bodies: readonly ((t: Thread, rcu: Flavour) => Operation<void>)[]
): string[] {
  const machine = new Machine({ cpus: 1 }, new TimedDirector());
  const rcu = make(machine);
  const errors: string[] = [];
  for (const body of bodies)
    machine.process(0).spawn(function* worker(t) {
      try {
        yield* body(t, rcu);
        errors.push('none');
      } catch (error) {
        errors.push(error instanceof UrcuError ? error.code : String(error));
      }
    });
  machine.run();
  return errors;
}

function counted(name: 'memb' | 'bp', readers = 4) {
  return (machine: Machine) =>
    CountedFlavour.create(machine, machine.createProcess('main'), name, { readers });
}

function qsbr(machine: Machine): QsbrFlavour {
  return QsbrFlavour.create(machine, machine.createProcess('main'));
}

describe('memb', () => {
  it('refuses to read before the thread is registered', () => {
    expect(
      errorsOf(counted('memb'), function* (t, rcu) {
        yield* rcu.readLock(t);
      }),
    ).toEqual(['ERR_REGISTRATION']);
  });

  it('refuses a second registration, and to unregister without one', () => {
    expect(
      errorsOf(
        counted('memb'),
        function* (t, rcu) {
          yield* rcu.registerThread(t);
          yield* rcu.registerThread(t);
        },
        (t, rcu) => rcu.unregisterThread(t),
      ),
    ).toEqual(['ERR_REGISTRATION', 'ERR_REGISTRATION']);
  });

  it('refuses more readers than it was made for', () => {
    const register = (t: Thread, rcu: CountedFlavour) => rcu.registerThread(t);
    expect(errorsOf(counted('memb', 1), register, register)).toEqual(['none', 'ERR_CAPACITY']);
  });

  it('refuses to leave a section that was not entered', () => {
    expect(
      errorsOf(counted('memb'), function* (t, rcu) {
        yield* rcu.registerThread(t);
        const token = yield* rcu.readLock(t);
        yield* rcu.readUnlock(t, token);
        yield* rcu.readUnlock(t, token);
      }),
    ).toEqual(['ERR_UNBALANCED']);
  });

  it('refuses to wait, and to unregister, inside of a section', () => {
    expect(
      errorsOf(
        counted('memb'),
        function* (t, rcu) {
          yield* rcu.registerThread(t);
          yield* rcu.readLock(t);
          yield* rcu.synchronize(t);
        },
        function* (t, rcu) {
          yield* rcu.registerThread(t);
          yield* rcu.readLock(t);
          yield* rcu.unregisterThread(t);
        },
      ),
    ).toEqual(['ERR_READER', 'ERR_READER']);
  });

  it('knows whether a thread reads', () => {
    const seen: boolean[] = [];
    errorsOf(counted('memb'), function* (t, rcu) {
      yield* rcu.registerThread(t);
      seen.push(yield* rcu.readOngoing(t));
      yield* rcu.readLock(t);
      seen.push(yield* rcu.readOngoing(t));
    });
    expect(seen).toEqual([false, true]);
  });

  it('keeps its registry without gaps while threads come and go', () => {
    const come = function* (t: Thread, rcu: CountedFlavour): Operation<void> {
      yield* rcu.registerThread(t);
      yield* rcu.readLock(t);
      yield* rcu.readUnlock(t);
      yield* rcu.unregisterThread(t);
    };
    const many = Array.from({ length: 12 }, () => come);
    expect(errorsOf(counted('memb', 12), ...many)).toEqual(many.map(() => 'none'));
  });
});

describe('bp', () => {
  it('registers a thread by itself', () => {
    expect(
      errorsOf(counted('bp'), function* (t, rcu) {
        yield* rcu.readUnlock(t, yield* rcu.readLock(t));
        yield* rcu.synchronize(t);
      }),
    ).toEqual(['none']);
  });
});

describe('qsbr', () => {
  it('refuses quiescent states, offline and online of a thread that is not registered', () => {
    expect(
      errorsOf(
        qsbr,
        (t, rcu) => rcu.quiescentState(t),
        (t, rcu) => rcu.threadOffline(t),
        (t, rcu) => rcu.threadOnline(t),
        (t, rcu) => rcu.unregisterThread(t),
      ),
    ).toEqual(Array.from({ length: 4 }, () => 'ERR_REGISTRATION'));
  });

  it('waits for each thread that is online to pass a quiescent state', () => {
    const machine = new Machine({ cpus: 2 }, new TimedDirector());
    const rcu = qsbr(machine);
    const process = machine.process(0);
    const ready = process.allocate(4);
    const order: string[] = [];
    process.spawn(function* reader(t) {
      yield* rcu.registerThread(t);
      yield* t.storeRelease(ready, 1);
      for (let n = 0; n < 100; n++) yield* t.fence();
      order.push('quiescent');
      yield* rcu.quiescentState(t);
      yield* rcu.unregisterThread(t);
    });
    process.spawn(function* updater(t) {
      yield* rcu.registerThread(t);
      yield* t.waitUntilEqual(ready, 1);
      yield* rcu.synchronize(t);
      order.push('grace period over');
      yield* rcu.unregisterThread(t);
    });
    expect(machine.run().outcome).toBe('finished');
    expect(order).toEqual(['quiescent', 'grace period over']);
  });
});
