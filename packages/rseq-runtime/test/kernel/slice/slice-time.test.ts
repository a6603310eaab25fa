import { describe, expect, it } from 'vitest';
import { Machine, SyscallNumber, TimedDirector } from '@rseqlab/sim-machine';
import { RseqOffset } from '../../../src/kernel/rseq-abi.js';
import { rseq } from '../../../src/kernel/rseq-module.js';
import { RseqStats } from '../../../src/kernel/rseq-stats.js';

/** When the first of two busy threads loses the only CPU, in ns, and what was counted. */
function firstSwitchNs(sliceExtensionNs: number, asks: boolean): [number, RseqStats] {
  const stats = new RseqStats();
  const machine = new Machine(
    { cpus: 1, kernel: [rseq({ profile: 'v7.1', sliceExtensionNs, stats })], memoryBytes: 2 ** 22 },
    new TimedDirector({ seed: 1, tickCycles: 100_000 }),
  );
  const process = machine.createProcess('main');
  process.spawn(function* busy(t) {
    yield* t.syscall(SyscallNumber.prctl, 79, 2, 1, 0, 0);
    yield* t.store(t.threadPointer + RseqOffset.sliceCtrl, asks ? 1 : 0);
    for (;;) yield* t.fence();
  });
  process.spawn(function* other(t) {
    for (;;) yield* t.fence();
  });
  let at = 0;
  machine.events.on('switch', ({ previous }) => {
    if (previous === 0 && at === 0) at = machine.cpus.cycles[0]!;
  });
  for (let rounds = 0; rounds < 100 && at === 0; rounds++)
    machine.run({ decisions: 100 * (rounds + 1) });
  return [at, stats];
}

describe('on simulated time', () => {
  it.each([5000, 50_000])('an extension of %i ns is that long', (ns) => {
    const [without, quiet] = firstSwitchNs(ns, false);
    const [withOne, counted] = firstSwitchNs(ns, true);
    expect(without).toBeGreaterThan(0);
    expect(quiet.sgrant).toBe(0);
    expect(counted).toMatchObject({ sgrant: 1, sexpir: 1, srevok: 1 });
    expect(withOne - without).toBeGreaterThanOrEqual(ns - 10);
    expect(withOne - without).toBeLessThan(ns + 100);
  });
});
