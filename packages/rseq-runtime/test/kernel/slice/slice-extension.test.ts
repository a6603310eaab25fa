import { describe, expect, it } from 'vitest';
import { SignalNumber, SyscallNumber } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RseqOffset } from '../../../src/kernel/rseq-abi.js';
import { RseqStats } from '../../../src/kernel/rseq-stats.js';
import type { RseqOptions } from '../../../src/kernel/rseq-options.js';
import { HandMachine, signal, step, tick, timer } from '../../hand-machine.js';

const GRANTED = 0x100;
const TIMER_OF_CPU_0 = 4 + 32;

/** Two round-robin threads on a CPU: a tick takes it from the one and gives it to the other. */
class SliceMachine extends HandMachine {
  readonly stats: RseqStats;

  constructor(
    body: (t: Thread) => Operation<unknown> = function* spin(t) {
      for (;;) yield* t.fence();
    },
    options: RseqOptions = {},
  ) {
    const stats = new RseqStats();
    super({ profile: 'v7.1', stats, ...options }, { cpus: 1 });
    this.stats = stats;
    const realTime = { policy: 'rr', priority: 1 } as const;
    this.process.spawn(
      function* first(t) {
        yield* t.syscall(SyscallNumber.prctl, 79, 2, 1, 0, 0);
        yield* t.store(t.threadPointer + RseqOffset.sliceCtrl, 1);
        yield* body(t);
      },
      { realTime },
    );
    this.process.spawn(
      function* second(t) {
        for (;;) yield* t.fence();
      },
      { realTime },
    );
    this.decide();
    while (this.control === 0) this.decide(step(0));
  }

  /** Request and grant of the first thread. */
  get control(): number {
    return this.process.read32(this.areaOf(0) + RseqOffset.sliceCtrl);
  }

  /** The thread that runs. */
  get running(): number {
    return this.machine.cpus.current[0]!;
  }

  /** What there is to count of slices. */
  get counted(): Partial<RseqStats> {
    const { sgrant, sexpir, srevok, syield, sabort } = this.stats;
    return { sgrant, sexpir, srevok, syield, sabort };
  }
}

const NONE = { sgrant: 0, sexpir: 0, srevok: 0, syield: 0, sabort: 0 };

describe('a thread that asks for an extension', () => {
  it('goes on when it is to lose its CPU: the request is gone, the grant is there', () => {
    const machine = new SliceMachine();
    machine.decide(tick(0));
    expect(machine.running).toBe(0);
    expect(machine.control).toBe(GRANTED);
    expect(machine.counted).toEqual({ ...NONE, sgrant: 1 });
  });

  it('does not without the request, and does not when it is not enabled', () => {
    const machine = new SliceMachine();
    machine.process.write32(machine.areaOf(0) + RseqOffset.sliceCtrl, 0xff00);
    machine.decide(tick(0));
    expect(machine.running).toBe(1);
    const disabled = new SliceMachine(function* (t) {
      yield* t.syscall(SyscallNumber.prctl, 79, 2, 0, 0, 0);
      for (;;) yield* t.fence();
    });
    disabled.decide(step(0), step(0), tick(0));
    expect(disabled.running).toBe(1);
    expect(disabled.counted).toEqual(NONE);
  });

  it('loses its CPU when the timer expires; the grant is taken back', () => {
    const machine = new SliceMachine();
    machine.decide(tick(0), timer(TIMER_OF_CPU_0));
    expect(machine.running).toBe(1);
    expect(machine.control).toBe(0);
    expect(machine.counted).toEqual({ ...NONE, sgrant: 1, sexpir: 1, srevok: 1 });
  });

  it('loses its CPU when it is to lose it again, and the timer does nothing then', () => {
    const machine = new SliceMachine();
    machine.decide(tick(0), tick(0));
    expect(machine.running).toBe(1);
    expect(machine.counted).toEqual({ ...NONE, sgrant: 1, srevok: 1 });
    machine.decide(timer(TIMER_OF_CPU_0));
    expect(machine.running).toBe(1);
    expect(machine.stats.sexpir).toBe(0);
  });

  it('gets none while a signal is there to be delivered', () => {
    const machine = new SliceMachine();
    machine.machine.threads.exitWork[0]! |= 2;
    machine.decide(tick(0));
    expect(machine.counted).toEqual(NONE);
    expect(machine.control).toBe(0);
  });

  it('gives the CPU away by rseq_slice_yield, which says 1, once', () => {
    const results: number[] = [];
    const machine = new SliceMachine(function* (t) {
      yield* t.fence();
      results.push(yield* t.syscall(SyscallNumber.rseq_slice_yield));
      results.push(yield* t.syscall(SyscallNumber.rseq_slice_yield));
      for (;;) yield* t.fence();
    });
    machine.decide(tick(0));
    while (machine.running === 0) machine.decide(step(0));
    expect(machine.counted).toEqual({ ...NONE, sgrant: 1, syield: 1 });
    expect(machine.control).toBe(0);
    machine.decide(tick(0));
    for (let i = 0; i < 8; i++) machine.decide(step(0));
    expect(results).toEqual([1, 0]);
  });

  it('loses its CPU by any other system call, and rseq_slice_yield is too late then', () => {
    const results: number[] = [];
    const machine = new SliceMachine(function* (t) {
      yield* t.fence();
      results.push(yield* t.syscall(SyscallNumber.getpid));
      results.push(yield* t.syscall(SyscallNumber.rseq_slice_yield));
      for (;;) yield* t.fence();
    });
    machine.decide(tick(0));
    while (machine.running === 0) machine.decide(step(0));
    expect(machine.counted).toEqual({ ...NONE, sgrant: 1, sabort: 1 });
    machine.decide(tick(0));
    for (let i = 0; i < 8; i++) machine.decide(step(0));
    expect(results[0]).toBeGreaterThan(0);
    expect(results[1]).toBe(0);
  });

  it('that has lost its CPU is not aborted in its section while it has the extension', () => {
    const machine = new SliceMachine();
    const aborts = machine.heard('abort');
    machine.process.write32(machine.areaOf(0) + RseqOffset.rseqCs, 4);
    machine.decide(tick(0));
    expect(aborts).toEqual([]);
    expect(machine.fields(machine.areaOf(0)).rseqCs).toBe(4);
  });

  it('is SIGSEGV where its area cannot be written', () => {
    const machine = new SliceMachine();
    expect(machine.process.space.mprotect(machine.areaOf(0) & ~0xfff, 4096, 1)).toBe(0);
    machine.decide(tick(0));
    expect(machine.process.exitStatus).toBe(SignalNumber.SIGSEGV);
  });

  it.each([true, false])('that changes the grant: SIGSEGV in debug mode (%s) only', (debug) => {
    const machine = new SliceMachine(
      function* (t) {
        for (;;) yield* t.syscall(SyscallNumber.getpid);
      },
      { debug },
    );
    machine.decide(tick(0));
    machine.process.write32(machine.areaOf(0) + RseqOffset.sliceCtrl, 1);
    while (machine.running === 0) machine.decide(step(0));
    machine.decide(tick(0));
    expect(machine.process.exited).toBe(debug);
  });

  it('gets none in the legacy mode, whatever is in its area', () => {
    const machine = new HandMachine({ profile: 'v7.1', areaLength: 32 }, { cpus: 1 });
    for (let i = 0; i < 2; i++)
      machine.process.spawn(
        function* body(t) {
          yield* t.store(t.threadPointer + RseqOffset.sliceCtrl, 1);
          for (;;) yield* t.fence();
        },
        { realTime: { policy: 'rr', priority: 1 } },
      );
    machine.decide(step(0), step(0), step(0), tick(0));
    expect(machine.machine.cpus.current[0]).toBe(1);
    expect(machine.process.read32(machine.areaOf(0) + RseqOffset.sliceCtrl)).toBe(1);
  });

  it('may be interrupted by a signal afterwards: the handler runs, the grant stays', () => {
    const machine = new SliceMachine();
    machine.decide(tick(0), signal(SignalNumber.SIGCONT, 0));
    expect(machine.running).toBe(0);
    expect(machine.control).toBe(GRANTED);
  });
});
