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

const NO_STEP = (): void => undefined;

function create() {
  const cycles = new Float64Array(4);
  const nodeOf = Int32Array.of(0, 0, 1, 1);
  const meter = new CostMeter(model, new CacheLines(nodeOf), cycles, NO_STEP);
  /** What an access costs long after all others. */
  const access = (cpu: number, address: number, size: number, kind: AccessKind): number => {
    cycles.fill(Math.max(...cycles) + 10_000);
    return meter.access(cpu, address, size, kind);
  };
  return { meter, cycles, access };
}

describe('CostMeter', () => {
  it('charges a hit after the own write', () => {
    const { access } = create();
    access(0, ADDRESS, 4, AccessKind.Store);
    expect(access(0, ADDRESS, 4, AccessKind.Store)).toBe(cost(CostKind.StoreHit));
    expect(access(0, ADDRESS + 60, 4, AccessKind.Load)).toBe(cost(CostKind.LoadHit));
    expect(access(0, ADDRESS, 4, AccessKind.Update)).toBe(cost(CostKind.Atomic));
  });

  it('charges two CPUs that write in turn a dirty transfer each time', () => {
    const { access } = create();
    access(0, ADDRESS, 4, AccessKind.Update);
    const transfer = cost(CostKind.Atomic) + cost(CostKind.RemoteDirty);
    for (const cpu of [1, 0, 1, 0])
      expect(access(cpu, ADDRESS, 4, AccessKind.Update)).toBe(transfer);
  });

  it('charges false sharing as sharing', () => {
    const { access } = create();
    access(0, ADDRESS, 4, AccessKind.Store);
    expect(access(1, ADDRESS + 8, 4, AccessKind.Store)).toBe(
      cost(CostKind.StoreHit) + cost(CostKind.RemoteDirty),
    );
    expect(access(1, ADDRESS + 64, 4, AccessKind.Store)).toBe(
      cost(CostKind.StoreHit) + cost(CostKind.MemoryFetch),
    );
  });

  it('charges readers once, and a write among them an upgrade', () => {
    const { access } = create();
    access(0, ADDRESS, 4, AccessKind.Load);
    access(1, ADDRESS, 4, AccessKind.Load);
    for (const cpu of [0, 1, 0, 1])
      expect(access(cpu, ADDRESS, 4, AccessKind.Load)).toBe(cost(CostKind.LoadHit));
    expect(access(1, ADDRESS, 4, AccessKind.Store)).toBe(
      cost(CostKind.StoreHit) + cost(CostKind.SharedUpgrade),
    );
  });

  it('charges a failed compare-and-exchange as one that succeeds', () => {
    const { access } = create();
    access(0, ADDRESS, 4, AccessKind.Store);
    expect(access(1, ADDRESS, 4, AccessKind.FailedUpdate)).toBe(
      cost(CostKind.Atomic) + cost(CostKind.RemoteDirty),
    );
    expect(access(1, ADDRESS, 4, AccessKind.Store)).toBe(cost(CostKind.StoreHit));
  });

  it('charges more when the line comes from another node', () => {
    const { access } = create();
    access(0, ADDRESS, 4, AccessKind.Store);
    expect(access(2, ADDRESS, 4, AccessKind.Store)).toBe(
      cost(CostKind.StoreHit) + cost(CostKind.RemoteDirty) + cost(CostKind.NodeCrossing),
    );
    expect(access(3, ADDRESS, 4, AccessKind.Store)).toBe(
      cost(CostKind.StoreHit) + cost(CostKind.RemoteDirty),
    );
  });

  it('charges both lines of an access that crosses from one into the next', () => {
    const { access } = create();
    expect(access(0, ADDRESS + 62, 4, AccessKind.Load)).toBe(
      cost(CostKind.LoadHit) + 2 * cost(CostKind.MemoryFetch),
    );
    expect(access(0, ADDRESS + 60, 4, AccessKind.Load)).toBe(cost(CostKind.LoadHit));
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
    expect(charged(() => meter.acknowledgement(0))).toBe(cost(CostKind.Interprocessor));
    expect(charged(() => meter.signal(0))).toBe(cost(CostKind.SignalDelivery));
    expect(meter.pageInCycles).toBe(cost(CostKind.PageArrival));
    expect(meter.nsPerCycle).toBeCloseTo(1 / 2.4, 12);
  });

  it('charges order of its own, where the machine has to buy it with a fence', () => {
    const charged = (machine: CostParameters, order: MemoryOrder): number => {
      const cycles = new Float64Array(1);
      const lines = new CacheLines(Int32Array.of(0));
      new CostMeter(new CostModel(machine), lines, cycles, NO_STEP).chargeOrder(order, 0);
      return cycles[0]!;
    };
    const { costs } = CUBIETRUCK;
    expect(charged(CUBIETRUCK, MemoryOrder.Acquire)).toBe(costs.AcquireOrder.cycles);
    expect(charged(CUBIETRUCK, MemoryOrder.Release)).toBe(costs.ReleaseOrder.cycles);
    expect(costs.ReleaseOrder.cycles).toBe(costs.FullFence.cycles);
    for (const order of [MemoryOrder.Acquire, MemoryOrder.Release])
      expect(charged(XEON_E5_2630V3, order)).toBe(0);
  });

  it('starts with empty caches after a reset, and nobody waits', () => {
    const { meter, cycles } = create();
    for (const cpu of [0, 1, 2]) meter.chargeAccess(AccessKind.Update, ADDRESS, 4, cpu);
    meter.reset();
    cycles.fill(0);
    expect(meter.access(0, ADDRESS, 4, AccessKind.Store)).toBe(
      cost(CostKind.StoreHit) + cost(CostKind.MemoryFetch),
    );
  });

  it('charges CPUs that add to one word at once each for those before it', () => {
    const { meter, cycles } = create();
    meter.chargeAccess(AccessKind.Update, ADDRESS, 4, 0);
    cycles.fill(1000);
    for (const cpu of [1, 2, 3]) meter.chargeAccess(AccessKind.Update, ADDRESS, 4, cpu);
    const near = cost(CostKind.RemoteDirty) + cost(CostKind.Atomic);
    const far = near + cost(CostKind.NodeCrossing);
    expect([...cycles]).toEqual([1000, 1000 + near, 1000 + near + far, 1000 + near + far + near]);
  });

  it('lets readers of a line that many have get it at once', () => {
    const { meter, cycles } = create();
    meter.chargeAccess(AccessKind.Load, ADDRESS, 4, 0);
    cycles.fill(1000);
    for (const cpu of [1, 2, 3]) meter.chargeAccess(AccessKind.Load, ADDRESS, 4, cpu);
    const clean = 1000 + cost(CostKind.RemoteClean) + cost(CostKind.LoadHit);
    expect([...cycles]).toEqual([1000, clean, clean + cost(CostKind.NodeCrossing), clean]);
  });

  it('asks for a line at the time that the step has come to', () => {
    const cycles = new Float64Array(2);
    let uncharged = 300;
    const meter = new CostMeter(model, new CacheLines(Int32Array.of(0, 0)), cycles, () => {
      cycles[1]! += uncharged;
      uncharged = 0;
    });
    meter.chargeAccess(AccessKind.Store, ADDRESS, 4, 0);
    expect(cycles[0]).toBeLessThan(300);
    meter.chargeAccess(AccessKind.Load, ADDRESS, 4, 1);
    expect(cycles[1]).toBe(300 + cost(CostKind.RemoteDirty) + cost(CostKind.LoadHit));
  });
});
