import { BLOCK_SHIFT, CounterOffset, PERIOD_SHIFT } from '../domain/domain-layout.js';
import { GracePeriodStep } from '../domain/grace-period-step.js';
import { RegionOffset, SlotOffset, countersOffset, slotOffset } from './region-layout.js';
import type { RegionShape } from './region-layout.js';

/** Read sections that a process is in, on one CPU and in one period. */
export interface ReaderReport {
  readonly pid: number;
  readonly cpu: number;
  readonly period: number;
  /** Sections that are open there. */
  readonly sections: number;
}

/** A process that died in the region. */
export interface DeathReport {
  readonly pid: number;
  /** Read sections that it was in, in period 0 and 1. */
  readonly lost: readonly [number, number];
}

/** What the updater of a region does. */
export interface UpdaterReport {
  /** Process that has the grace-period lock. */
  readonly pid: number;
  readonly step: GracePeriodStepName;
  /** Times that it slept in vain, and looked for dead processes: the age of the grace period. */
  readonly checks: number;
}

/** The name of a step. */
export type GracePeriodStepName = keyof typeof GracePeriodStep;

const STEP_NAMES = Object.keys(GracePeriodStep) as GracePeriodStepName[];

/** What a region looks like at one moment: what to print when a grace period does not end. */
export class DomainReport {
  /** The period that readers enter. */
  readonly period: number;
  /** Pids of the processes that have joined. */
  readonly processes: readonly number[];
  /** Whom a grace period waits for. */
  readonly readers: readonly ReaderReport[];
  /** Who has the grace-period lock, if anybody. */
  readonly updater: UpdaterReport | undefined;
  /** The last death in each slot. */
  readonly deaths: readonly DeathReport[];
  /** The last process that the grace-period lock was taken over from. */
  readonly deadUpdater: Omit<UpdaterReport, 'checks'> | undefined;

  private constructor(read: (offset: number) => number, shape: RegionShape) {
    this.period = read(RegionOffset.period);
    const slots = Array.from({ length: shape.slots }, (_, slot) => slot);
    const ownerOf = (slot: number) => read(slotOffset(slot) + SlotOffset.owner);
    this.processes = slots.map(ownerOf).filter((owner) => owner > 0);
    this.readers = slots.flatMap((slot) =>
      readersOf(read, shape, slot).map((reader) => ({ pid: Math.abs(ownerOf(slot)), ...reader })),
    );
    const holder = read(RegionOffset.lock) & 0x7fffffff;
    const step = STEP_NAMES[read(RegionOffset.step)] ?? 'None';
    this.updater =
      holder === 0 ? undefined : { pid: holder, step, checks: read(RegionOffset.checks) };
    this.deaths = slots.flatMap((slot) => {
      const line = slotOffset(slot);
      const pid = read(line + SlotOffset.deadOwner);
      const lost = [read(line + SlotOffset.lost), read(line + SlotOffset.lost + 4)] as const;
      return pid === 0 ? [] : [{ pid, lost }];
    });
    const dead = read(RegionOffset.deadUpdater);
    const deadStep = STEP_NAMES[read(RegionOffset.deadStep)] ?? 'None';
    this.deadUpdater = dead === 0 ? undefined : { pid: dead, step: deadStep };
  }

  /**
   * Reads a region.
   *
   * @param read a word of the region
   * @internal
   */
  static of(read: (offset: number) => number, shape: RegionShape): DomainReport {
    return new DomainReport(read, shape);
  }

  /** As people read it: a line for everything that a grace period waits for. */
  toString(): string {
    const { updater } = this;
    const first =
      updater === undefined
        ? 'no grace period is under way'
        : `process ${updater.pid} is in a grace period (${updater.step}), slept in vain ${updater.checks} times`;
    return [
      first,
      ...this.readers.map(
        ({ pid, cpu, period, sections }) =>
          `process ${pid} is in ${sections} read section(s) of period ${period}, entered on CPU ${cpu}`,
      ),
    ].join('\n');
  }
}

function readersOf(
  read: (offset: number) => number,
  shape: RegionShape,
  slot: number,
): Omit<ReaderReport, 'pid'>[] {
  const found: Omit<ReaderReport, 'pid'>[] = [];
  for (let cpu = 0; cpu < shape.cpus; cpu++)
    for (const period of [0, 1]) {
      const at = countersOffset(shape, slot) + (cpu << BLOCK_SHIFT) + (period << PERIOD_SHIFT);
      const word = (offset: number) => read(at + offset);
      const locks = word(CounterOffset.lock) + word(CounterOffset.rseqLock);
      const sections = (locks - word(CounterOffset.unlock) - word(CounterOffset.rseqUnlock)) | 0;
      if (sections !== 0) found.push({ cpu, period, sections });
    }
  return found;
}
