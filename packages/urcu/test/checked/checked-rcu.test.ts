import { describe, expect, it } from 'vitest';
import { rseq } from '@rseqlab/rseq-runtime';
import { Machine, TimedDirector } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { CheckedRcu } from '../../src/checked/checked-rcu.js';
import { QsbrFlavour } from '../../src/classic/qsbr-flavour.js';
import { RcuDomain } from '../../src/domain/rcu-domain.js';
import type { RcuToken } from '../../src/domain/rcu-token.js';
import type { RcuPointer } from '../../src/rcu-pointer.js';
import type { UrcuError } from '../../src/urcu-error.js';
import { EVERY_FLAVOUR } from '../every-flavour.js';
import type { MakeFlavour } from '../every-flavour.js';

type Body = (t: Thread, rcu: CheckedRcu) => Operation<void>;

/** Runs threads one after the other, and says what each was told. */
function errorsOf(
  make: MakeFlavour,
  ...bodies: readonly Body[]
): { readonly rcu: CheckedRcu; readonly errors: readonly UrcuError[] } {
  const machine = new Machine({ cpus: 1, kernel: [rseq()], maxThreads: 8 }, new TimedDirector());
  const process = machine.createProcess('main');
  const rcu = CheckedRcu.create(machine, process, make(machine, process), 3);
  const errors: UrcuError[] = [];
  for (const body of bodies)
    process.spawn(function* worker(t) {
      try {
        yield* body(t, rcu);
      } catch (error) {
        errors.push(error as UrcuError);
      }
    });
  machine.run();
  return { rcu, errors };
}

const perCpu: MakeFlavour = (machine, process) => RcuDomain.create(machine, process);
const qsbr: MakeFlavour = (machine, process) => QsbrFlavour.create(machine, process);

const codesOf = (...args: Parameters<typeof errorsOf>) =>
  errorsOf(...args).errors.map(({ code }) => code);

describe.each(Object.entries(EVERY_FLAVOUR))('a checked %s', (_, make) => {
  it('says nothing against right use, nested and handed over', () => {
    const { rcu, errors } = errorsOf(
      make,
      function* first(t, it) {
        yield* it.registerThread(t);
        const outer = yield* it.readLock(t);
        const inner = yield* it.readLock(t);
        yield* it.dereference(t, t.stackPointer as RcuPointer<never>);
        yield* it.readUnlock(t, inner);
        yield* it.readUnlock(t, outer);
        yield* it.quiescentState(t);
        yield* it.synchronize(t);
        yield* it.unregisterThread(t);
      },
      function* second(t, it) {
        yield* it.registerThread(t);
        const word = t.stackPointer - 64;
        yield* it.handOver(t, yield* it.readLock(t), word);
        yield* it.readUnlock(t, yield* it.takeOver(t, word));
        yield* it.unregisterThread(t);
      },
    );
    expect(errors).toEqual([]);
    expect(rcu.openSections()).toEqual([]);
  });

  it('finds a grace period inside of a section, and names both places', () => {
    const { errors } = errorsOf(make, function* reader(t, it) {
      yield* it.registerThread(t);
      yield* it.readLock(t);
      yield* it.synchronize(t);
    });
    expect(errors.map(({ code }) => code)).toEqual(['ERR_READER']);
    expect(errors[0]!.message.match(/checked-rcu\.test\.ts:\d+/g)).toHaveLength(2);
    expect(new Set(errors[0]!.message.match(/checked-rcu\.test\.ts:\d+/g)).size).toBe(2);
  });

  it('finds a section that is open when its thread goes', () => {
    expect(
      codesOf(make, function* reader(t, it) {
        yield* it.registerThread(t);
        yield* it.readLock(t);
        yield* it.unregisterThread(t);
      }),
    ).toEqual(['ERR_READER']);
  });

  it('finds a dereference outside of sections', () => {
    expect(
      codesOf(make, function* reader(t, it) {
        yield* it.registerThread(t);
        yield* it.dereference(t, t.stackPointer as RcuPointer<never>);
      }),
    ).toEqual(['ERR_NO_READER']);
  });

  it('finds sections that leak, and one that is left twice', () => {
    expect(
      codesOf(
        make,
        function* leaking(t, it) {
          yield* it.registerThread(t);
          for (let n = 0; n < 4; n++) yield* it.readLock(t);
        },
        function* twice(t, it) {
          yield* it.registerThread(t);
          const token = yield* it.readLock(t);
          yield* it.readUnlock(t, token);
          yield* it.readUnlock(t, token);
        },
      ),
    ).toEqual(['ERR_NESTING', 'ERR_TOKEN']);
  });
});

/** Mistakes with two sides; messages name the places of both. */
const TWO_SIDED: readonly (readonly [string, MakeFlavour, string, Body])[] = [
  [
    'a section that its thread exits with',
    perCpu,
    'ERR_READER',
    function* (t, it) {
      yield* it.readLock(t);
      yield* it.unregisterThread(t);
    },
  ],
  [
    'a dereference behind its section',
    perCpu,
    'ERR_NO_READER',
    function* (t, it) {
      const token = yield* it.readLock(t);
      yield* it.readUnlock(t, token);
      yield* it.dereference(t, t.stackPointer as RcuPointer<never>);
    },
  ],
  [
    'a section that is left twice',
    perCpu,
    'ERR_TOKEN',
    function* (t, it) {
      const token = yield* it.readLock(t);
      yield* it.readUnlock(t, token);
      yield* it.readUnlock(t, token);
    },
  ],
  [
    'sections that leak',
    perCpu,
    'ERR_NESTING',
    function* (t, it) {
      for (let n = 0; n < 3; n++) yield* it.readLock(t);
      yield* it.readLock(t);
    },
  ],
  [
    'a section of a thread that is offline',
    qsbr,
    'ERR_OFFLINE',
    function* (t, it) {
      yield* it.registerThread(t);
      yield* it.threadOffline(t);
      yield* it.readLock(t);
    },
  ],
  [
    'a thread that goes offline inside',
    qsbr,
    'ERR_READER',
    function* (t, it) {
      yield* it.registerThread(t);
      yield* it.readLock(t);
      yield* it.threadOffline(t);
    },
  ],
];

const placesIn = ({ message }: UrcuError) => message.match(/checked-rcu\.test\.ts:\d+/g) ?? [];

describe('what is told of a mistake', () => {
  it.each(TWO_SIDED)('are both places, of %s', (_, make, code, body) => {
    const { errors } = errorsOf(make, body);
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(new Set(placesIn(errors[0]!)).size).toBe(2);
  });

  it('is the place of a section of a thread that was never registered', () => {
    const { errors } = errorsOf(EVERY_FLAVOUR['memb']!, function* (t, it) {
      yield* it.readLock(t);
    });
    expect(errors.map((error) => error.code)).toEqual(['ERR_REGISTRATION']);
    expect(placesIn(errors[0]!)).toHaveLength(1);
    expect(errors[0]!.cause).toMatchObject({ code: 'ERR_REGISTRATION' });
  });
});

describe('a checked per-CPU domain', () => {
  it("finds that a thread leaves another's section", () => {
    let token: RcuToken | undefined;
    const { errors } = errorsOf(
      perCpu,
      function* owner(t, it) {
        token = yield* it.readLock(t);
      },
      function* thief(t, it) {
        yield* it.readUnlock(t, token!);
      },
    );
    expect(errors.map(({ code }) => code)).toEqual(['ERR_TOKEN']);
    expect(placesIn(errors[0]!)).toHaveLength(2);
    expect(errors[0]!.message).toMatch(/another thread's was entered at checked-rcu\.test\.ts:/);
  });

  it('tells who waits and for whom: thread, CPU, period, place and age', () => {
    const { rcu } = errorsOf(
      perCpu,
      function* reader(t, it) {
        yield* it.readLock(t);
      },
      function* updater(t, it) {
        yield* it.synchronize(t);
      },
    );
    expect(rcu.openSections()).toEqual([
      {
        thread: 0,
        cpu: 0,
        period: 0,
        place: expect.stringMatching(/^checked-rcu\.test\.ts:\d+$/) as string,
        age: 1,
      },
    ]);
    expect(rcu.waitingUpdaters()).toEqual([
      { thread: 1, place: expect.stringMatching(/^checked-rcu\.test\.ts:\d+$/) as string },
    ]);
    expect(rcu.waitingUpdaters()[0]!.place).not.toBe(rcu.openSections()[0]!.place);
  });
});

describe('a checked qsbr', () => {
  it('finds a reader that is offline, and one that goes offline', () => {
    expect(
      codesOf(
        qsbr,
        function* offline(t, it) {
          yield* it.registerThread(t);
          yield* it.threadOffline(t);
          yield* it.readLock(t);
        },
        function* going(t, it) {
          yield* it.registerThread(t);
          yield* it.readLock(t);
          yield* it.threadOffline(t);
        },
        function* quiescent(t, it) {
          yield* it.registerThread(t);
          yield* it.readLock(t);
          yield* it.quiescentState(t);
        },
      ),
    ).toEqual(['ERR_OFFLINE', 'ERR_READER', 'ERR_READER']);
  });

  it('may read again when it is back online', () => {
    expect(
      codesOf(qsbr, function* back(t, it) {
        yield* it.registerThread(t);
        yield* it.threadOffline(t);
        yield* it.threadOnline(t);
        yield* it.readUnlock(t, yield* it.readLock(t));
        yield* it.unregisterThread(t);
      }),
    ).toEqual([]);
  });
});
