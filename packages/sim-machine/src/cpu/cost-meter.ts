import type { KernelCost } from '../kernel/kernel-cost.js';
import { AccessKind } from '../memory/access-kind.js';
import type { AccessCost } from '../memory/access-observer.js';
import { FenceKind, MemoryOrder } from '../memory/memory-port.js';
import type { FaultEventKind } from '../observe/machine-events.js';
import { CACHE_LINE_SHIFT, type CacheLines } from './cache-lines.js';
import { CacheOutcome, CROSSES_NODE } from './cache-outcome.js';
import { CostKind } from './cost-kind.js';
import type { CostModel } from './cost-model.js';
import { LineTurns } from './line-turns.js';

const OFFSET_MASK = (1 << CACHE_LINE_SHIFT) - 1;

/**
 * Adds what things cost to the clocks of the CPUs.
 *
 * An instruction that accesses memory costs `Instruction` (charged by whoever counts the executed
 * ones) plus what {@link access} says.
 */
export class CostMeter implements AccessCost, KernelCost {
  readonly nsPerCycle: number;
  readonly pageInCycles: number;
  readonly #costs: Float64Array;
  readonly #lines: CacheLines;
  readonly #turns = new LineTurns();
  readonly #advanceClock: () => void;
  readonly #cycles: Float64Array;
  /** Transfer cycles, indexed by outcome with or without node crossing. */
  readonly #transfers: Float64Array;

  /**
   * @param cycles the clock of each CPU, indexed by CPU number; it is added to
   * @param advanceClock charges what the step that is under way has executed so far
   */
  constructor(model: CostModel, lines: CacheLines, cycles: Float64Array, advanceClock: () => void) {
    this.#costs = model.cycles;
    this.#lines = lines;
    this.#cycles = cycles;
    this.#advanceClock = advanceClock;
    this.#transfers = transferTable(model);
    this.nsPerCycle = model.nsPerCycle;
    this.pageInCycles = model.cyclesOf(CostKind.PageArrival);
  }

  /** Empties the caches; the clocks belong to their owner. */
  reset(): void {
    this.#lines.reset();
    this.#turns.reset();
  }

  /** Charges the CPU for something that happened once. */
  charge(cpu: number, kind: CostKind): void {
    this.#cycles[cpu] = this.#cycles[cpu]! + this.#costs[kind]!;
  }

  /** Charges the CPU for executed instructions, without their memory accesses. */
  chargeInstructions(cpu: number, count: number): void {
    this.#cycles[cpu] = this.#cycles[cpu]! + count * this.#costs[CostKind.Instruction]!;
  }

  syscall(cpu: number): void {
    this.charge(cpu, CostKind.Syscall);
  }

  contextSwitch(cpu: number): void {
    this.charge(cpu, CostKind.ContextSwitch);
  }

  fault(cpu: number, kind: FaultEventKind): void {
    this.charge(cpu, kind === 'major' ? CostKind.MajorFault : CostKind.MinorFault);
  }

  /** An interrupt of unknown cause is priced as one from another CPU; a tick has its own kind. */
  interrupt(cpu: number): void {
    this.charge(cpu, CostKind.Interprocessor);
  }

  acknowledgement(cpu: number): void {
    this.charge(cpu, CostKind.Interprocessor);
  }

  signal(cpu: number): void {
    this.charge(cpu, CostKind.SignalDelivery);
  }

  chargeAccess(kind: AccessKind, physical: number, size: number, cpu: number): void {
    const cycles = this.access(cpu, physical, size, kind);
    // Only now: the access has brought the clock up to date.
    this.#cycles[cpu] = this.#cycles[cpu]! + cycles;
  }

  chargeOrder(order: MemoryOrder, cpu: number): void {
    this.charge(cpu, order === MemoryOrder.Acquire ? CostKind.AcquireOrder : CostKind.ReleaseOrder);
  }

  chargeFence(kind: FenceKind, cpu: number): void {
    if (kind === FenceKind.Full) this.charge(cpu, CostKind.FullFence);
    else this.charge(cpu, kind === FenceKind.Read ? CostKind.ReadFence : CostKind.WriteFence);
  }

  chargeClockRead(cpu: number): void {
    this.charge(cpu, CostKind.ClockRead);
  }

  chargeCpuNumberRead(cpu: number): void {
    this.charge(cpu, CostKind.CpuNumberRead);
  }

  /**
   * What an access costs, in cycles, the wait for the CPU's turn included; the caches are changed by it.
   *
   * A failed compare-and-exchange costs what a successful one does: it takes the line too.
   *
   * @param size 1 to 8 bytes; two lines are paid when it crosses into the next
   */
  access(cpu: number, physical: number, size: number, kind: AccessKind): number {
    const writes = kind !== AccessKind.Load;
    const line = physical >>> CACHE_LINE_SHIFT;
    const hit = this.#costs[hitCost(kind)]!;
    const cycles = hit + this.#bring(cpu, line, writes, hit, 0);
    if ((physical & OFFSET_MASK) + size <= OFFSET_MASK + 1) return cycles;
    return cycles + this.#bring(cpu, line + 1, writes, 0, cycles);
  }

  /** Cycles until the CPU has a line as it needs it; it asks `afterCycles` from now. */
  #bring(cpu: number, line: number, writes: boolean, held: number, afterCycles: number): number {
    const outcome = this.#lines.access(cpu, line, writes);
    if (outcome === CacheOutcome.Hit) return 0;
    const transfer = this.#transfers[outcome]!;
    const kind = outcome & (CROSSES_NODE - 1);
    const takes = writes || kind !== CacheOutcome.RemoteClean;
    this.#advanceClock();
    const now = this.#cycles[cpu]! + afterCycles;
    return transfer + this.#turns.waitCycles(line, now, transfer, held, takes);
  }
}

function hitCost(kind: AccessKind): CostKind {
  if (kind === AccessKind.Load) return CostKind.LoadHit;
  return kind === AccessKind.Store ? CostKind.StoreHit : CostKind.Atomic;
}

function transferTable(model: CostModel): Float64Array {
  const clean = model.cyclesOf(CostKind.RemoteClean);
  const upgrade = model.cyclesOf(CostKind.SharedUpgrade);
  const table = new Float64Array(2 * CROSSES_NODE);
  table[CacheOutcome.MemoryFetch] = model.cyclesOf(CostKind.MemoryFetch);
  table[CacheOutcome.RemoteClean] = clean;
  table[CacheOutcome.RemoteDirty] = model.cyclesOf(CostKind.RemoteDirty);
  table[CacheOutcome.Upgrade] = upgrade;
  table[CacheOutcome.FetchAndUpgrade] = clean + upgrade;
  for (let outcome = 0; outcome < CROSSES_NODE; outcome++)
    table[outcome + CROSSES_NODE] = table[outcome]! + model.cyclesOf(CostKind.NodeCrossing);
  return table;
}
