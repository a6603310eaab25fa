import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateArena } from '../../../src/base/state-arena.js';
import { CpuTable } from '../../../src/cpu/cpu-table.js';
import { KernelClock } from '../../../src/kernel/time/kernel-clock.js';

function create(nsPerCycle = 1): { clock: KernelClock; cycles: Float64Array } {
  const cpus = new CpuTable(new StateArena(), [0, 2], () => 0);
  return { clock: new KernelClock(cpus, nsPerCycle), cycles: cpus.cycles };
}

describe('KernelClock', () => {
  it('never goes back, whichever CPU reads it', () => {
    const { clock, cycles } = create();
    cycles[0] = 100;
    cycles[2] = 40;
    expect(clock.nowCycles(0)).toBe(100);
    expect(clock.nowCycles(2)).toBe(100);
    cycles[2] = 130;
    expect(clock.nowCycles(2)).toBe(130);
    expect(clock.nowCycles(0)).toBe(130);
  });

  it('has reached the time of an interrupt that was taken', () => {
    const { clock, cycles } = create();
    clock.interrupt(2, 500);
    expect(cycles[2]).toBe(500);
    expect(clock.actingCycles()).toBe(500);
    expect(clock.nowCycles(0)).toBe(500);
    clock.interrupt(2, 400);
    expect(cycles[2]).toBe(500);
  });

  it('lets an idle CPU go on from the time of the CPU that acts', () => {
    const { clock, cycles } = create();
    cycles[0] = 70;
    clock.act(0);
    clock.catchUp(2);
    expect(cycles[2]).toBe(70);
    cycles[0] = 60;
    clock.catchUp(2);
    expect(cycles[2]).toBe(70);
  });

  it('finds the first cycle at which it shows a time', () => {
    const rate = fc.constantFrom(1, 0.5, 1 / 3, 0.4, 1 / 2.4, 1.25, 3);
    fc.assert(
      fc.property(rate, fc.integer({ min: 0, max: 10 ** 13 }), (nsPerCycle, ns) => {
        const { clock } = create(nsPerCycle);
        const cycles = clock.cyclesAt(ns);
        expect(Math.floor(cycles * nsPerCycle)).toBeGreaterThanOrEqual(ns);
        if (cycles > 0) expect(Math.floor((cycles - 1) * nsPerCycle)).toBeLessThanOrEqual(ns);
      }),
    );
  });

  it('starts over at a reset', () => {
    const { clock } = create();
    clock.interrupt(2, 500);
    clock.reset();
    expect(clock.nowCycles(0)).toBe(0);
    expect(clock.actingCycles()).toBe(0);
  });
});
