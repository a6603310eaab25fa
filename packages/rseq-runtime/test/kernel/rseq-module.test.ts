import { describe, expect, it } from 'vitest';
import {
  Machine,
  RandomDirector,
  exec,
  fork,
  pthreadCreate,
  pthreadJoin,
  waitpid,
} from '@rseqlab/sim-machine';
import type { MachineConfig, Operation, Thread } from '@rseqlab/sim-machine';
import { RSEQ_PROFILES } from '../../src/kernel/profiles/rseq-profiles.js';
import { rseq } from '../../src/kernel/rseq-module.js';
import type { RseqOptions } from '../../src/kernel/rseq-options.js';
import { RSEQ_SIGNATURE, RseqOffset } from '../../src/kernel/rseq-abi.js';
import { RuntimeError } from '../../src/runtime-error.js';
import { HandMachine, migrate, step } from '../hand-machine.js';
import { SyscallNumber } from '@rseqlab/sim-machine';

const ids = function* (t: Thread): Operation<readonly number[]> {
  const area = t.threadPointer;
  return [yield* t.load(area + RseqOffset.cpuIdStart), yield* t.load(area + RseqOffset.cpuId)];
};

/** What a registration of a thread's own area gives: -EBUSY when the C library made one already. */
const registerAgain = (t: Thread): Operation<number> =>
  t.syscall(SyscallNumber.rseq, t.threadPointer, 32, 0, RSEQ_SIGNATURE);

describe('the module', () => {
  it('refuses a profile that does not exist, with ERR_PROFILE', () => {
    const build = (): unknown => rseq({ profile: 'v5.0' as 'v6.1' });
    expect(build).toThrow(RuntimeError);
    expect(build).toThrow(
      expect.objectContaining({
        code: 'ERR_PROFILE',
        message:
          'expected an rseq profile of rfc-2017, v4.18, v6.1, v6.18, v6.19, v7.1, got "v5.0"',
      }),
    );
  });

  it.each(RSEQ_PROFILES)('has the profile %s', (profile) => {
    expect(rseq({ profile }).name).toBe(`rseq ${profile}`);
  });

  it('has a name for every way it can behave, so that tokens of one are refused by another', () => {
    const ways: readonly RseqOptions[] = [
      ...RSEQ_PROFILES.map((profile) => ({ profile })),
      { aborts: false },
      { autoRegister: false },
      { aborts: false, autoRegister: false },
      { debug: true },
      { profile: 'v7.1', areaLength: 32 },
      { profile: 'v7.1', sliceExtensionNs: 50_000 },
      { cpuNumber: { name: 'a source', cpuNumberAddress: () => 0 } },
    ];
    expect(new Set(ways.map((options) => rseq(options).name)).size).toBe(ways.length);
    expect(rseq({ profile: 'v7.1', areaLength: 33 }).name).toBe('rseq v7.1');
    const description = (options: object): string =>
      new Machine({ kernel: [rseq(options)] }, new RandomDirector({ seed: 1 })).description;
    expect(description({})).not.toBe(description({ aborts: false }));
    expect(description({})).toBe(description({ aborts: true }));
  });
});

describe('registration by the C library', () => {
  it('is there before the first instruction of every thread, with the ids of its CPU', () => {
    const hand = new HandMachine();
    const seen: unknown[] = [];
    for (const cpu of [0, 2])
      hand.process.spawn(
        function* body(t) {
          seen.push(yield* ids(t), yield* registerAgain(t));
        },
        { cpu },
      );
    expect(hand.finish()).toBe('finished');
    expect(seen).toEqual([[0, 0], -16, [2, 2], -16]);
  });

  it('is not there when it is turned off', () => {
    const hand = new HandMachine({ autoRegister: false });
    const seen: unknown[] = [];
    hand.process.spawn(
      function* body(t) {
        seen.push(yield* ids(t), yield* registerAgain(t), yield* ids(t));
      },
      { cpu: 2 },
    );
    hand.finish();
    expect(seen).toEqual([[0, 0], 0, [2, 2]]);
  });

  it('is made anew in a thread that a thread makes', () => {
    const hand = new HandMachine();
    const seen: unknown[] = [];
    hand.process.spawn(function* parent(t) {
      const thread = yield* pthreadCreate(t, function* child(self) {
        seen.push(yield* ids(self), yield* registerAgain(self));
      });
      expect(typeof thread).toBe('object');
      if (typeof thread === 'object') yield* pthreadJoin(t, thread);
      seen.push(yield* ids(t));
    });
    hand.finish();
    expect(seen).toEqual([[1, 1], -16, [0, 0]]);
  });
});

/** Runs a parent on CPU 1 that makes a child, which lands on CPU 0, or 2 where `cpu` 0 is busy. */
function lineage(
  make: (t: Thread, seen: unknown[]) => Operation<unknown>,
  config: MachineConfig = {},
): unknown[] {
  const hand = new HandMachine({}, config);
  const seen: unknown[] = [];
  hand.process.spawn(
    function* parent(t) {
      yield* make(t, seen);
    },
    { cpu: 1 },
  );
  expect(hand.finish()).toBe('finished');
  return seen;
}

describe.each([{}, { memory: 'tso' }] as const)('a registration, with %j,', (config) => {
  it('is inherited by fork, with the ids of the CPU that the child starts on', () => {
    const seen = lineage(function* (t, found) {
      const pid = yield* fork(t, function* child(self) {
        found.push(yield* ids(self), yield* registerAgain(self));
      });
      yield* waitpid(t, pid);
      found.push(yield* ids(t));
    }, config);
    expect(seen).toEqual([[0, 0], -16, [1, 1]]);
  });

  it('that was taken back is not inherited by fork', () => {
    const seen = lineage(function* (t, found) {
      yield* t.syscall(SyscallNumber.rseq, t.threadPointer, 32, 1, RSEQ_SIGNATURE);
      const pid = yield* fork(t, function* child(self) {
        found.push(yield* ids(self), yield* registerAgain(self));
      });
      yield* waitpid(t, pid);
    }, config);
    expect(seen).toEqual([[0, -1], 0]);
  });

  it('is reset by exec, and made anew by the C library of the new program', () => {
    const seen = lineage(function* (t, found) {
      yield* exec(t, function* replaced(self) {
        found.push(yield* ids(self), yield* registerAgain(self));
      });
    }, config);
    expect(seen).toEqual([[1, 1], -16]);
  });

  it('does not disturb the accesses of a thread that makes another', () => {
    const seen = lineage(function* (t, found) {
      const word = t.stackPointer - 64;
      yield* t.store(word, 5);
      const thread = yield* pthreadCreate(t, function* child(self) {
        yield* self.fence();
      });
      yield* t.store(word, 6);
      found.push(yield* t.load(word), yield* ids(t));
      if (typeof thread === 'object') yield* pthreadJoin(t, thread);
    }, config);
    expect(seen).toEqual([6, [1, 1]]);
  });
});

describe('a slot that is used again', () => {
  it('has nothing of the registration of the thread before', () => {
    const hand = new HandMachine({ autoRegister: false }, { maxThreads: 1 });
    const seen: number[] = [];
    hand.process.allocate(64);
    for (let run = 0; run < 2; run++) {
      hand.process.spawn(function* body(t) {
        seen.push(yield* t.syscall(SyscallNumber.rseq, 0x10000000, 32, 0, run));
        yield* t.fence();
      });
      expect(hand.finish()).toBe('finished');
    }
    expect(seen).toEqual([0, 0]);
  });

  it('has nothing of it after a reset of the machine either', () => {
    const director = new RandomDirector({ seed: 1 });
    const machine = new Machine({ cpus: 2, kernel: [rseq({ autoRegister: false })] }, director);
    for (let run = 0; run < 2; run++) {
      machine.reset(director);
      const process = machine.createProcess('main');
      process.allocate(64);
      process.spawn(function* body(t) {
        expect(yield* t.syscall(SyscallNumber.rseq, 0x10000000, 32, 0, 7)).toBe(0);
        for (;;) yield* t.fence();
      });
      machine.run({ decisions: 20 });
    }
  });
});

describe('the ids', () => {
  it('follow a thread from CPU to CPU, and are right before it executes anything there', () => {
    const hand = new HandMachine();
    hand.process.spawn(function* body(t) {
      for (;;) yield* t.fence();
    });
    hand.decide(step(0));
    for (const cpu of [1, 2, 0, 2]) {
      hand.decide(migrate(0, cpu));
      expect(hand.fields(hand.areaOf(0))).toMatchObject({ cpuIdStart: cpu, cpuId: cpu });
    }
  });
});
