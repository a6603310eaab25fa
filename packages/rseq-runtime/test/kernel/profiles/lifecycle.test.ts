import { describe, expect, it } from 'vitest';
import {
  SignalNumber,
  SyscallNumber,
  exec,
  fork,
  munmap,
  pthreadCreate,
  pthreadJoin,
  waitpid,
} from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqOffset } from '../../../src/kernel/rseq-abi.js';
import { checkOptions } from '../../../src/kernel/rseq-options.js';
import { HandMachine, migrate, offline, pageOut, step } from '../../hand-machine.js';
import { KERNELS } from '../kernels.js';
import { SectionMachine } from '../section-fixture.js';

const ids = function* (t: Thread): Operation<readonly number[]> {
  const area = t.threadPointer;
  return [yield* t.load(area + RseqOffset.cpuIdStart), yield* t.load(area + RseqOffset.cpuId)];
};

describe.each(KERNELS)('under $name', ({ options }) => {
  const { areaLength } = checkOptions(options);

  /** -EBUSY where a registration of the thread's own area is there, else 0. */
  const registerAgain = (t: Thread): Operation<number> =>
    t.syscall(SyscallNumber.rseq, t.threadPointer, areaLength, 0, RSEQ_SIGNATURE);

  function run(
    body: (t: Thread, seen: unknown[]) => Operation<unknown>,
    more: { readonly autoRegister?: boolean } = {},
  ): unknown[] {
    const hand = new HandMachine({ ...options, ...more });
    const seen: unknown[] = [];
    hand.process.spawn(
      function* parent(t) {
        yield* body(t, seen);
      },
      { cpu: 1 },
    );
    expect(hand.finish()).toBe('finished');
    expect(hand.process.exitStatus).toBe(0);
    return seen;
  }

  it('a thread made in the address space is not registered', () => {
    const seen = run(
      function* (t, found) {
        found.push(yield* registerAgain(t));
        const thread = yield* pthreadCreate(t, function* child(self) {
          found.push(yield* registerAgain(self), yield* registerAgain(self), yield* ids(self));
        });
        if (typeof thread === 'object') yield* pthreadJoin(t, thread);
        found.push(yield* ids(t));
      },
      { autoRegister: false },
    );
    expect(seen).toEqual([0, 0, -16, [0, 0], [1, 1]]);
  });

  it('a forked child has the registration, with its own ids', () => {
    const seen = run(function* (t, found) {
      const pid = yield* fork(t, function* child(self) {
        found.push(yield* ids(self), yield* registerAgain(self));
      });
      yield* waitpid(t, pid);
      found.push(yield* ids(t));
    });
    expect(seen).toEqual([[0, 0], -16, [1, 1]]);
  });

  it('exec takes the registration away, and the C library makes a new one', () => {
    const after = (autoRegister: boolean): unknown[] =>
      run(
        function* (t, found) {
          found.push(yield* registerAgain(t));
          yield* exec(t, function* replaced(self) {
            found.push(yield* registerAgain(self), yield* ids(self));
          });
        },
        { autoRegister },
      );
    expect(after(true)).toEqual([-16, -16, [1, 1]]);
    expect(after(false)).toEqual([0, 0, [1, 1]]);
  });

  it('an exiting thread is not looked at, whatever its area is', () => {
    const seen = run(function* (t, found) {
      found.push(yield* munmap(t, t.threadPointer & ~0xfff, 4096));
    });
    expect(seen).toEqual([0]);
  });

  it('a slot that is used again knows nothing of the thread before', () => {
    const hand = new HandMachine({ ...options, autoRegister: false }, { maxThreads: 1 });
    hand.process.allocate(64);
    for (let signature = 0; signature < 2; signature++) {
      const seen: number[] = [];
      hand.process.spawn(function* body(t) {
        seen.push(yield* t.syscall(SyscallNumber.rseq, 0x10000000, areaLength, 0, signature));
        yield* t.fence();
      });
      expect(hand.finish()).toBe('finished');
      expect(seen).toEqual([0]);
    }
  });

  it('the ids follow a thread whose CPU goes offline', () => {
    const hand = new HandMachine(options);
    hand.process.spawn(
      function* body(t) {
        for (;;) yield* t.fence();
      },
      { cpu: 0 },
    );
    hand.decide(step(0), offline(0));
    const cpu = hand.machine.threads.cpu[0]!;
    expect(cpu).not.toBe(0);
    expect(hand.ids(hand.areaOf(0))).toMatchObject({ cpuIdStart: cpu, cpuId: cpu });
  });

  it('an area that is swapped out is read in on the way to user mode', () => {
    const machine = new SectionMachine({ options });
    machine.stepToLabel('first');
    const area = machine.areaOf(0);
    // The next access is to the area's page, which is what can be taken away.
    machine.machine.threads.registers[1] = area + 64;
    const major = machine.heard('fault');
    machine.decide(pageOut(0), migrate(0, 2));
    expect(machine.process.exited).toBe(false);
    expect(machine.ids(area)).toMatchObject({ cpuIdStart: 2, cpuId: 2 });
    expect(machine.ip(0)).toBe(machine.section.addressOf('abort'));
    expect(major.length).toBeGreaterThan(0);
  });

  it('an area that is not mapped any more is SIGSEGV at the next event', () => {
    const hand = new HandMachine(options);
    hand.process.spawn(
      function* body(t) {
        yield* munmap(t, t.threadPointer & ~0xfff, 4096);
        for (;;) yield* t.fence();
      },
      { cpu: 0 },
    );
    for (let i = 0; i < 4; i++) hand.decide(step(0));
    expect(hand.process.exited).toBe(false);
    hand.decide(migrate(0, 2));
    expect(hand.process.exitStatus).toBe(SignalNumber.SIGSEGV);
  });

  it('an area that cannot be written any more is SIGSEGV at the next event', () => {
    const hand = new HandMachine(options);
    hand.process.spawn(
      function* body(t) {
        for (;;) yield* t.fence();
      },
      { cpu: 0 },
    );
    hand.decide(step(0));
    expect(hand.process.space.mprotect(hand.areaOf(0) & ~0xfff, 4096, 1)).toBe(0);
    hand.decide(migrate(0, 2));
    expect(hand.process.exitStatus).toBe(SignalNumber.SIGSEGV);
  });
});
