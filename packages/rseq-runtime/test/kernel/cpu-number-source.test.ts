import { describe, expect, it } from 'vitest';
import type { KernelPort } from '@rseqlab/sim-machine';
import { getcpuCache } from '../../src/kernel/getcpu-cache/getcpu-cache-module.js';
import { setGetcpuCache } from '../../src/user/getcpu-cache.js';
import type { CpuNumberSource } from '../../src/kernel/cpu-number-source.js';
import { RSEQ_PROFILES } from '../../src/kernel/profiles/rseq-profiles.js';
import { rseq } from '../../src/kernel/rseq-module.js';
import { HandMachine, migrate, step } from '../hand-machine.js';

/** Points at a word of the program, which the program itself writes; or nowhere. */
class FakeSource implements CpuNumberSource {
  readonly name = 'fake';
  readonly kernels = new Set<KernelPort>();
  readonly asked: number[] = [];
  address = 0;

  cpuNumberAddress(kernel: KernelPort, thread: number): number {
    this.kernels.add(kernel);
    this.asked.push(thread);
    return this.address;
  }
}

describe.each(RSEQ_PROFILES)('a CPU-number source under %s', (profile) => {
  it('is where the numbers in the area come from, at registration and after a migration', () => {
    const cpuNumber = new FakeSource();
    const hand = new HandMachine({ profile, cpuNumber });
    cpuNumber.address = hand.process.allocate(4);
    hand.process.write32(cpuNumber.address, 1);
    hand.process.spawn(
      function* body(t) {
        for (;;) yield* t.fence();
      },
      { cpu: 0 },
    );
    hand.decide(step(0));
    const area = hand.areaOf(0);
    expect(hand.ids(area)).toMatchObject({ cpuIdStart: 1, cpuId: 1 });
    hand.process.write32(cpuNumber.address, 2);
    hand.decide(migrate(0, 1));
    expect(hand.ids(area)).toMatchObject({ cpuIdStart: 2, cpuId: 2 });
    expect(new Set(cpuNumber.asked)).toEqual(new Set([0]));
    expect(cpuNumber.kernels.size).toBe(1);
  });

  it.each([
    ['has no word', 0],
    ['has a word that cannot be read', 0x1000],
  ])('that %s leaves it to the scheduler', (_what, address) => {
    const cpuNumber = new FakeSource();
    cpuNumber.address = address;
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

describe('getcpu_cache as the source', () => {
  it('gives rseq the number that it keeps up to date', () => {
    const cache = getcpuCache();
    const options = { cpuNumber: cache };
    const hand = new HandMachine(options, { kernel: [cache, rseq(options)] });
    const word = hand.process.allocate(4);
    hand.process.spawn(
      function* body(t) {
        yield* setGetcpuCache(t, word);
        for (;;) yield* t.fence();
      },
      { cpu: 0 },
    );
    for (let i = 0; i < 10; i++) hand.decide(step(0));
    hand.decide(migrate(0, 2));
    expect(hand.process.read32(word)).toBe(2);
    expect(hand.ids(hand.areaOf(0))).toMatchObject({ cpuIdStart: 2, cpuId: 2 });
  });
});

describe('a module with a source', () => {
  it('says so in its name, so that tokens of one are refused by the other', () => {
    expect(rseq({ cpuNumber: new FakeSource() }).name).toBe('rseq v6.1, CPU number from fake');
  });
});
