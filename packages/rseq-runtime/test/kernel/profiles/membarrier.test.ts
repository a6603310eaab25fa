import { describe, expect, it } from 'vitest';
import {
  Errno,
  MembarrierCommand,
  SyscallNumber,
  membarrier,
  membarrierRseqOn,
  munmap,
} from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { HandMachine, offline, step } from '../../hand-machine.js';
import { RSEQ_SIGNATURE } from '../../../src/kernel/rseq-abi.js';
import { checkOptions } from '../../../src/kernel/rseq-options.js';
import type { RseqOptions } from '../../../src/kernel/rseq-options.js';
import { KERNELS, OPTIMIZED } from '../kernels.js';
import type { KernelUnderTest } from '../kernels.js';
import { SectionMachine } from '../section-fixture.js';

const { PrivateExpeditedRseq, RegisterPrivateExpeditedRseq } = MembarrierCommand;
const { EINVAL, EPERM } = Errno;

const call = (t: Thread, command: number, flags: number, cpu: number): Operation<number> =>
  t.syscall(SyscallNumber.membarrier, command, flags, cpu);

/** Runs a thread on CPU 1 beside one that is in a section on CPU 0. */
function beside(
  options: RseqOptions,
  body: (t: Thread) => Operation<number>,
  prepare: (machine: SectionMachine) => void = () => undefined,
): { result: number; aborts: number; machine: SectionMachine } {
  const machine = new SectionMachine({ options });
  const results: number[] = [];
  machine.process.spawn(
    function* caller(t) {
      results.push(yield* body(t));
      for (;;) yield* t.fence();
    },
    { cpu: 1 },
  );
  machine.stepToLabel('commit');
  prepare(machine);
  const aborts = machine.heard('abort');
  for (let i = 0; i < 40 && results.length === 0; i++) machine.decide(step(1));
  return { result: results[0]!, aborts: aborts.length, machine };
}

const registered = (body: (t: Thread) => Operation<number>) =>
  function* caller(t: Thread): Operation<number> {
    expect(yield* membarrier(t, RegisterPrivateExpeditedRseq)).toBe(0);
    return yield* body(t);
  };

describe.each(KERNELS)("membarrier's rseq command under $name", ({ options }) => {
  it('aborts the section of a sibling that runs: 0', () => {
    const all = registered((t) => membarrier(t, PrivateExpeditedRseq));
    expect(beside(options, all)).toMatchObject({ result: 0, aborts: 1 });
  });

  it('is -EPERM in a process that is not registered, and aborts nothing', () => {
    const bare = (t: Thread): Operation<number> => membarrier(t, PrivateExpeditedRseq);
    expect(beside(options, bare)).toMatchObject({ result: -EPERM, aborts: 0 });
  });

  it.each([2, 3, 4, 0x80000000 | 0])('with flags %i is -EINVAL, registered or not', (flags) => {
    const body = (t: Thread): Operation<number> => call(t, PrivateExpeditedRseq, flags, 0);
    expect(beside(options, body)).toMatchObject({ result: -EINVAL, aborts: 0 });
    expect(beside(options, registered(body))).toMatchObject({ result: -EINVAL, aborts: 0 });
    const register = (t: Thread): Operation<number> =>
      call(t, RegisterPrivateExpeditedRseq, flags, 0);
    expect(beside(options, register).result).toBe(-EINVAL);
  });

  it('with FLAG_CPU aborts on that CPU', () => {
    const on = registered((t) => membarrierRseqOn(t, 0));
    expect(beside(options, on)).toMatchObject({ result: 0, aborts: 1 });
  });

  it.each([1, 2, 7, 4095])(
    'with FLAG_CPU %i, which is not where the sibling is, does not',
    (cpu) => {
      const on = registered((t) => membarrierRseqOn(t, cpu));
      expect(beside(options, on)).toMatchObject({ result: 0, aborts: 0 });
    },
  );

  it('with FLAG_CPU of an offline CPU is 0, and aborts nothing', () => {
    const on = registered((t) => membarrierRseqOn(t, 2));
    const offline2 = (machine: SectionMachine): void => void machine.decide(offline(2));
    expect(beside(options, on, offline2)).toMatchObject({ result: 0, aborts: 0 });
  });

  it('with one CPU online is 0 without an interrupt', () => {
    const hand = new HandMachine(options);
    const results: number[] = [];
    for (let i = 0; i < 2; i++)
      hand.process.spawn(function* body(t) {
        results.push(yield* membarrier(t, RegisterPrivateExpeditedRseq));
        results.push(yield* membarrier(t, PrivateExpeditedRseq));
      });
    hand.decide(offline(1), offline(2));
    hand.finish();
    expect(results).toEqual([0, 0, 0, 0]);
  });

  it('with one thread in the process is 0 without an interrupt: nothing is looked at', () => {
    const hand = new HandMachine(options);
    const results: number[] = [];
    hand.process.spawn(function* body(t) {
      yield* membarrier(t, RegisterPrivateExpeditedRseq);
      yield* munmap(t, t.threadPointer & ~0xfff, 4096);
      results.push(yield* membarrierRseqOn(t, 0));
      results.push(yield* membarrier(t, PrivateExpeditedRseq));
    });
    hand.finish();
    expect(results).toEqual([0, 0]);
  });
});

describe('the caller of membarrier itself', () => {
  /** Whether the caller's area, which is gone, is looked at by its own command. */
  const isLookedAt = (
    { options }: KernelUnderTest,
    command: (t: Thread) => Operation<number>,
  ): boolean => {
    const hand = new HandMachine({ ...options, autoRegister: false });
    const { areaLength } = checkOptions(options);
    const area = hand.process.allocate(4096, 4096);
    hand.process.spawn(
      function* body(t) {
        yield* membarrier(t, RegisterPrivateExpeditedRseq);
        yield* t.syscall(SyscallNumber.rseq, area, areaLength, 0, RSEQ_SIGNATURE);
        yield* munmap(t, area, 4096);
        yield* command(t);
        for (;;) yield* t.fence();
      },
      { cpu: 0 },
    );
    hand.process.spawn(
      function* sibling(t) {
        for (;;) yield* t.fence();
      },
      { cpu: 1 },
    );
    for (let i = 0; i < 14 && !hand.process.exited; i++) hand.decide(step(0));
    return hand.process.exited;
  };

  it.each(KERNELS)('is left out by the form for all CPUs: $name', (kernel) => {
    expect(isLookedAt(kernel, (t) => membarrier(t, PrivateExpeditedRseq))).toBe(false);
  });

  it.each(KERNELS)('is included by FLAG_CPU with its own CPU: $name', (kernel) => {
    // It is in a system call, which v6.19 and the new mode of v7.1 know to be no interruption.
    const expected = !OPTIMIZED.includes(kernel);
    expect(isLookedAt(kernel, (t) => membarrierRseqOn(t, 0))).toBe(expected);
  });
});
