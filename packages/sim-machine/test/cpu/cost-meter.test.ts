import { describe, expect, it } from 'vitest';
import { CacheLines } from '../../src/cpu/cache-lines.js';
import { CostKind } from '../../src/cpu/cost-kind.js';
import { CUBIETRUCK, XEON_E5_2630V3 } from '../../src/cpu/cost-machines.js';
import { CostMeter } from '../../src/cpu/cost-meter.js';
import { CostModel } from '../../src/cpu/cost-model.js';
import type { CostParameters } from '../../src/cpu/cost-parameters.js';
import { AccessKind } from '../../src/memory/access-kind.js';
import { FenceKind, MemoryOrder } from '../../src/memory/memory-port.js';

const model = new CostModel(XEON_E5_2630V3);
const cost = (kind: CostKind): number => model.cyclesOf(kind);
const ADDRESS = 0x1000;

function create(): { meter: CostMeter; cycles: Float64Array } {
  const cycles = new Float64Array(4);
  const nodeOf = Int32Array.of(0, 0, 1, 1);
  return { meter: new CostMeter(model, new CacheLines(nodeOf), cycles), cycles };
}

describe('CostMeter', () => {
  it('charges a hit after the own write', () => {
    const { meter } = create();
    meter.access(0, ADDRESS, 4, AccessKind.Store);
    expect(meter.access(0, ADDRESS, 4, AccessKind.Store)).toBe(cost(CostKind.StoreHit));
    expect(meter.access(0, ADDRESS + 60, 4, AccessKind.Load)).toBe(cost(CostKind.LoadHit));
    expect(meter.access(0, ADDRESS, 4, AccessKind.Update)).toBe(cost(CostKind.Atomic));
  });

  it('charges two CPUs that write in turn a dirty transfer each time', () => {
    const { meter } = create();
    meter.access(0, ADDRESS, 4, AccessKind.Update);
    const transfer = cost(CostKind.Atomic) + cost(CostKind.RemoteDirty);
    for (const cpu of [1, 0, 1, 0])
      expect(meter.access(cpu, ADDRESS, 4, AccessKind.Update)).toBe(transfer);
  });

  it('charges false sharing as sharing', () => {
    const { meter } = create();
    meter.access(0, ADDRESS, 4, AccessKind.Store);
    expect(meter.access(1, ADDRESS + 8, 4, AccessKind.Store)).toBe(
      cost(CostKind.StoreHit) + cost(CostKind.RemoteDirty),
    );
    expect(meter.access(1, ADDRESS + 64, 4, AccessKind.Store)).toBe(
      cost(CostKind.StoreHit) + cost(CostKind.MemoryFetch),
    );
  });

  it('charges readers once, and a write among them an upgrade', () => {
    const { meter } = create();
    meter.access(0, ADDRESS, 4, AccessKind.Load);
    meter.access(1, ADDRESS, 4, AccessKind.Load);
    for (const cpu of [0, 1, 0, 1])
      expect(meter.access(cpu, ADDRESS, 4, AccessKind.Load)).toBe(cost(CostKind.LoadHit));
    expect(meter.access(1, ADDRESS, 4, AccessKind.Store)).toBe(
      cost(CostKind.StoreHit) + cost(CostKind.SharedUpgrade),
    );
  });

  it('charges a failed compare-and-exchange as one that succeeds', () => {
    const { meter } = create();
    meter.access(0, ADDRESS, 4, AccessKind.Store);
    expect(meter.access(1, ADDRESS, 4, AccessKind.FailedUpdate)).toBe(
      cost(CostKind.Atomic) + cost(CostKind.RemoteDirty),
    );
    expect(meter.access(1, ADDRESS, 4, AccessKind.Store)).toBe(cost(CostKind.StoreHit));
  });

  it('charges more when the line comes from another node', () => {
    const { meter } = create();
    meter.access(0, ADDRESS, 4, AccessKind.Store);
    expect(meter.access(2, ADDRESS, 4, AccessKind.Store)).toBe(
      cost(CostKind.StoreHit) + cost(CostKind.RemoteDirty) + cost(CostKind.NodeCrossing),
    );
    expect(meter.access(3, ADDRESS, 4, AccessKind.Store)).toBe(
      cost(CostKind.StoreHit) + cost(CostKind.RemoteDirty),
    );
  });

  it('charges both lines of an access that crosses from one into the next', () => {
    const { meter } = create();
    expect(meter.access(0, ADDRESS + 62, 4, AccessKind.Load)).toBe(
      cost(CostKind.LoadHit) + 2 * cost(CostKind.MemoryFetch),
    );
    expect(meter.access(0, ADDRESS + 60, 4, AccessKind.Load)).toBe(cost(CostKind.LoadHit));
  });

  it('adds to the clock of the CPU that does it, and to no other', () => {
    const { meter, cycles } = create();
    meter.chargeAccess(AccessKind.Store, ADDRESS, 4, 1);
    meter.chargeInstructions(1, 10);
    meter.chargeFence(FenceKind.Full, 1);
    meter.chargeFence(FenceKind.Read, 1);
    meter.chargeFence(FenceKind.Write, 1);
    meter.syscall(1);
    meter.charge(1, CostKind.Tick);
    expect(cycles[1]).toBe(
      cost(CostKind.StoreHit) +
        cost(CostKind.MemoryFetch) +
        10 * cost(CostKind.Instruction) +
        cost(CostKind.FullFence) +
        cost(CostKind.ReadFence) +
        cost(CostKind.WriteFence) +
        cost(CostKind.Syscall) +
        cost(CostKind.Tick),
    );
    expect([...cycles].filter((value) => value !== 0)).toHaveLength(1);
  });

  it('charges what the kernel does at the prices of the machine', () => {
    const { meter, cycles } = create();
    const charged = (action: () => void): number => {
      const before = cycles[0]!;
      action();
      return cycles[0]! - before;
    };
    expect(charged(() => meter.contextSwitch(0))).toBe(cost(CostKind.ContextSwitch));
    expect(charged(() => meter.fault(0, 'minor'))).toBe(cost(CostKind.MinorFault));
    expect(charged(() => meter.fault(0, 'major'))).toBe(cost(CostKind.MajorFault));
    expect(charged(() => meter.interrupt(0))).toBe(cost(CostKind.Interprocessor));
    expect(charged(() => meter.signal(0))).toBe(cost(CostKind.SignalDelivery));
    expect(meter.pageInCycles).toBe(cost(CostKind.PageArrival));
    expect(meter.nsPerCycle).toBeCloseTo(1 / 2.4, 12);
  });

  it('charges order of its own, where the machine has to buy it with a fence', () => {
    const charged = (machine: CostParameters, order: MemoryOrder): number => {
      const cycles = new Float64Array(1);
      new CostMeter(new CostModel(machine), new CacheLines(Int32Array.of(0)), cycles).chargeOrder(
        order,
        0,
      );
      return cycles[0]!;
    };
    const { costs } = CUBIETRUCK;
    expect(charged(CUBIETRUCK, MemoryOrder.Acquire)).toBe(costs.AcquireOrder.cycles);
    expect(charged(CUBIETRUCK, MemoryOrder.Release)).toBe(costs.ReleaseOrder.cycles);
    expect(costs.ReleaseOrder.cycles).toBe(costs.FullFence.cycles);
    for (const order of [MemoryOrder.Acquire, MemoryOrder.Release])
      expect(charged(XEON_E5_2630V3, order)).toBe(0);
  });

  it('starts with empty caches after a reset', () => {
    const { meter } = create();
    meter.access(0, ADDRESS, 4, AccessKind.Store);
    meter.reset();
    expect(meter.access(0, ADDRESS, 4, AccessKind.Store)).toBe(
      cost(CostKind.StoreHit) + cost(CostKind.MemoryFetch),
    );
  });
});
