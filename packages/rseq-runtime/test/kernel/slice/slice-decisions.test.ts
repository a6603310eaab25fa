import { describe, expect, it } from 'vitest';
import { SyscallNumber } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import {
  RSEQ_FLAG_SLICE_EXT_DEFAULT_ON,
  RSEQ_SIGNATURE,
  RseqOffset,
} from '../../../src/kernel/rseq-abi.js';
import { checkOptions } from '../../../src/kernel/rseq-options.js';
import { RseqStats } from '../../../src/kernel/rseq-stats.js';
import type { RseqOptions } from '../../../src/kernel/rseq-options.js';
import { HandMachine, migrate, preempt, step, timer } from '../../hand-machine.js';

const GRANTED = 0x100;
const REQUEST = 1;
/** Timers of modules are numbered behind those of threads and CPUs. */
const TIMER_OF_CPU_0 = 4 + 32;

/** Registers with the extension enabled, and asks for it. */
function* ask(t: Thread, length: number): Operation<void> {
  const flags = RSEQ_FLAG_SLICE_EXT_DEFAULT_ON;
  yield* t.syscall(SyscallNumber.rseq, t.threadPointer, length, flags, RSEQ_SIGNATURE);
  yield* t.store(t.threadPointer + RseqOffset.sliceCtrl, REQUEST);
}

/** Two time-shared threads on CPU 0 of two; the first has asked, and runs. */
class AskingMachine extends HandMachine {
  readonly stats: RseqStats;

  constructor(options: RseqOptions = { profile: 'v7.1' }) {
    const stats = new RseqStats();
    super({ autoRegister: false, stats, ...options }, { cpus: 2 });
    this.stats = stats;
    const { areaLength } = checkOptions(options);
    for (const asks of [true, false])
      this.process.spawn(
        function* body(t) {
          if (asks) yield* ask(t, areaLength);
          for (;;) yield* t.fence();
        },
        { cpu: 0, affinity: asks ? [0, 1] : [0] },
      );
    this.decide();
    if (this.running !== 0) this.decide(preempt(0, 0));
    for (let i = 0; i < 6; i++) this.decide(step(0));
  }

  /** Request and grant of the first thread. */
  get control(): number {
    return this.process.read32(this.areaOf(0) + RseqOffset.sliceCtrl);
  }

  /** The thread that runs on CPU 0. */
  get running(): number {
    return this.machine.cpus.current[0]!;
  }
}

describe.each([
  ['preempts', preempt(0, 1)],
  ['moves', migrate(0, 1)],
])('a decision that %s a thread which has asked for an extension', (_, decision) => {
  it('is put off: the thread has the grant and goes on', () => {
    const machine = new AskingMachine();
    const extended = machine.heard('slice');
    machine.decide(decision);
    expect([machine.running, machine.control]).toEqual([0, GRANTED]);
    expect(extended).toEqual([{ thread: 0, cpu: 0 }]);
    expect(machine.stats.sgrant).toBe(1);
  });

  it('is carried out when it comes again', () => {
    const machine = new AskingMachine();
    machine.decide(decision, decision);
    expect([machine.running, machine.control]).toEqual([1, 0]);
    expect(machine.stats).toMatchObject({ sgrant: 1, srevok: 1, sexpir: 0 });
  });

  it('is put off until the timer expires at the latest', () => {
    const machine = new AskingMachine();
    machine.decide(decision, timer(TIMER_OF_CPU_0));
    expect(machine.stats).toMatchObject({ sgrant: 1, sexpir: 1 });
    // Who is next is the director's choice: here always the first.
    expect(machine.control).toBe(0);
  });

  it('is carried out at once where there are no extensions', () => {
    for (const profile of ['v6.18', 'v6.19'] as const) {
      const machine = new AskingMachine({ profile, autoRegister: true });
      machine.process.write32(machine.areaOf(0) + RseqOffset.sliceCtrl, REQUEST);
      machine.decide(decision);
      expect(machine.running).toBe(1);
    }
  });
});
