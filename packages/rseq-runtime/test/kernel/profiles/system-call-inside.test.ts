import { describe, expect, it } from 'vitest';
import {
  ProgramBuilder,
  Registers,
  SignalNumber,
  SyscallNumber,
  nanosleep,
} from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqOffset } from '../../../src/kernel/rseq-abi.js';
import type { RseqOptions } from '../../../src/kernel/rseq-options.js';
import { HandMachine, migrate, offline, preempt, step, timer } from '../../hand-machine.js';
import { KERNELS, MASKED, OPTIMIZED } from '../kernels.js';
import { ABORTED, COMMITTED } from '../section-fixture.js';

const { r0, r1, r7, r14 } = Registers;

/** A section that makes the system call of which r1 is the number, with r2 and r3. */
const program = new ProgramBuilder('system call inside')
  .label('entry')
  .li32(r7, 'cs')
  .st32(r7, r14, RseqOffset.rseqCs)
  .section('cs', {
    signature: RSEQ_SIGNATURE,
    body: (section) => section.mov(r0, r1).syscall().nop().st32(r0, r14, 64),
    abort: (handler) => handler.li(r0, ABORTED).ret(),
  })
  .li(r0, COMMITTED)
  .ret()
  .build();

/** Runs the section in thread 1, on a CPU that thread 0 takes whenever it is given away. */
function run(options: RseqOptions, number: number): [HandMachine, number[]] {
  const hand = new HandMachine(options);
  const routine = hand.machine.install(program).routine('entry');
  const results: number[] = [];
  hand.process.spawn(
    function* other(t) {
      for (;;) yield* t.fence();
    },
    { cpu: 0 },
  );
  hand.process.spawn(
    function* caller(t) {
      results.push(yield* t.call(routine, number));
    },
    { cpu: 0 },
  );
  hand.decide();
  for (let i = 0; i < 40 && !hand.process.exited && results.length === 0; i++)
    hand.decide(hand.machine.cpus.current[0] === 0 ? preempt(0, 1) : step(0));
  return [hand, results];
}

describe('a system call inside of a section', () => {
  it.each(KERNELS)('is not noticed in production where it does not switch: $name', (kernel) => {
    const [, results] = run(kernel.options, SyscallNumber.getpid);
    expect(results).toEqual([COMMITTED]);
  });

  it.each(KERNELS)('is SIGSEGV in debug mode: $name', (kernel) => {
    const [hand] = run({ ...kernel.options, debug: true }, SyscallNumber.getpid);
    expect(hand.process.exitStatus).toBe(SignalNumber.SIGSEGV);
  });

  it.each(KERNELS)('is SIGSEGV in debug mode when it switches, too: $name', (kernel) => {
    const [hand] = run({ ...kernel.options, debug: true }, SyscallNumber.sched_yield);
    expect(hand.process.exitStatus).toBe(SignalNumber.SIGSEGV);
  });

  it.each(KERNELS)(
    'that gives the CPU away aborts, except where only interrupts count: $name',
    (k) => {
      const [, results] = run(k.options, SyscallNumber.sched_yield);
      expect(results).toEqual([OPTIMIZED.includes(k) ? COMMITTED : ABORTED]);
    },
  );

  it('outside of sections is nothing to debug mode, and disarms a stale section since v6.19', () => {
    for (const kernel of KERNELS) {
      const hand = new HandMachine({ ...kernel.options, debug: true });
      const { process } = hand;
      const installed = hand.machine.install(program);
      const seen: number[] = [];
      process.spawn(function* caller(t) {
        const area = t.threadPointer;
        yield* t.store(area + RseqOffset.rseqCs, installed.addressOf('cs'));
        yield* t.syscall(SyscallNumber.getpid);
        seen.push(yield* t.load(area + RseqOffset.rseqCs));
      });
      hand.finish();
      expect(process.exitStatus).toBe(0);
      const isOld = MASKED.includes(kernel);
      expect(seen).toEqual([isOld ? installed.addressOf('cs') : 0]);
    }
  });
});

describe('a thread that sleeps in a system call and wakes on another CPU', () => {
  it.each(KERNELS)('has new ids; what is armed is looked at, or not: $name', (kernel) => {
    const hand = new HandMachine(kernel.options);
    const cs = hand.machine.install(program).addressOf('cs');
    const woken: number[] = [];
    hand.process.spawn(
      function* sleeper(t) {
        yield* t.store(t.threadPointer + RseqOffset.rseqCs, cs);
        woken.push(yield* nanosleep(t, 100));
        for (;;) yield* t.fence();
      },
      { cpu: 0 },
    );
    hand.decide();
    while (hand.machine.cpus.current[0] === 0) hand.decide(step(0));
    hand.decide(offline(0), timer(0));
    const area = hand.areaOf(0);
    expect(hand.ids(area)).toMatchObject({ cpuIdStart: 1, cpuId: 1 });
    expect(hand.fields(area).rseqCs).toBe(OPTIMIZED.includes(kernel) ? cs : 0);
    hand.decide(step(1));
    expect(woken).toEqual([0]);
    hand.decide(migrate(0, 2));
    expect(hand.fields(area)).toMatchObject({ cpuId: 2, rseqCs: 0 });
  });
});
