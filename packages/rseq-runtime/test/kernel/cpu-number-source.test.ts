import { describe, expect, it } from 'vitest';
import type { KernelPort } from '@rseqlab/sim-machine';
import type { CpuNumberSource } from '../../src/kernel/cpu-number-source.js';
import { RSEQ_PROFILES } from '../../src/kernel/profiles/rseq-profiles.js';
import { rseq } from '../../src/kernel/rseq-module.js';
import { HandMachine, migrate, step } from '../hand-machine.js';

/** Says what it is told to; CPU 1 is called 2 by it. */
class FakeSource implements CpuNumberSource {
  readonly name = 'fake';
  readonly kernels: KernelPort[] = [];
  readonly asked: number[] = [];
  isKnown = true;

  attach(kernel: KernelPort): (thread: number) => number {
    this.kernels.push(kernel);
    return (thread) => {
      this.asked.push(thread);
      return this.isKnown ? kernel.threads.cpu[thread]! + 1 : -1;
    };
  }
}

describe.each(RSEQ_PROFILES)('a CPU-number source under %s', (profile) => {
  it('is where the numbers in the area come from, at registration and after a migration', () => {
    const cpuNumber = new FakeSource();
    const hand = new HandMachine({ profile, cpuNumber });
    hand.process.spawn(
      function* body(t) {
        for (;;) yield* t.fence();
      },
      { cpu: 0 },
    );
    hand.decide(step(0));
    const area = hand.areaOf(0);
    expect(hand.ids(area)).toMatchObject({ cpuIdStart: 1, cpuId: 1 });
    hand.decide(migrate(0, 1));
    expect(hand.ids(area)).toMatchObject({ cpuIdStart: 2, cpuId: 2 });
    expect(new Set(cpuNumber.asked)).toEqual(new Set([0]));
    expect(cpuNumber.kernels).toHaveLength(1);
  });

  it('that does not know leaves it to the scheduler', () => {
    const cpuNumber = new FakeSource();
    cpuNumber.isKnown = false;
    const hand = new HandMachine({ profile, cpuNumber });
    hand.process.spawn(function* body(t) {
      for (;;) yield* t.fence();
    });
    hand.decide();
    hand.decide(migrate(0, 2));
    expect(hand.ids(hand.areaOf(0))).toMatchObject({ cpuIdStart: 2, cpuId: 2 });
    expect(cpuNumber.asked.length).toBeGreaterThan(0);
  });
});

describe('a module with a source', () => {
  it('says so in its name, so that tokens of one are refused by the other', () => {
    expect(rseq({ cpuNumber: new FakeSource() }).name).toBe('rseq v6.1, CPU number from fake');
  });
});
