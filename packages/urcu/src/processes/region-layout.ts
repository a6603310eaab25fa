import { BLOCK_SHIFT } from '../domain/domain-layout.js';

/**
 * What a domain of several processes is in shared memory. Period and futex lie where a domain of one
 * process has them, so that both have the same read side.
 *
 * | offset                         | bytes | holds                                                     |
 * |--------------------------------|-------|-----------------------------------------------------------|
 * | 0                              | 64    | header: five words that never change once they are set     |
 * | 64                             | 64    | period, futex: what readers read                           |
 * | 128                            | 64    | grace-period lock, and what its holder does                |
 * | 192 + 64 * s                   | 64    | slot s, of a process, see {@link SlotOffset}               |
 * | 192 + 64 * (slots + s * n + c) | 64    | counters of the process in slot s on CPU c of n            |
 *
 * Invariant: every word is right after every store, whoever dies there. A process writes to counters of
 * its own slot only, and to those of a dead process while it holds the lock.
 */
export const RegionOffset = {
  magic: 0,
  version: 4,
  cpus: 8,
  slots: 12,
  barriers: 16,
  period: 64,
  futex: 68,
  /** See `OwnedLock`: the pid of the process whose grace period is under way. */
  lock: 128,
  /** A `GracePeriodStep`. */
  step: 132,
  /** Times that the updater looked for dead processes since the lock was taken. */
  checks: 136,
  /** Pid of the process that the lock was last taken over from, and the step it died in. */
  deadUpdater: 140,
  deadStep: 144,
  /** Times that the lock was taken over. */
  takeovers: 148,
  firstSlot: 192,
} as const;

/**
 * A slot: one line for each process.
 *
 * | word       | holds                                                                       |
 * |------------|-----------------------------------------------------------------------------|
 * | owner      | 0: free; a pid; or -pid: that process keeps it for a child it is forking    |
 * | deadOwner  | pid of the process that last died in the slot                               |
 * | lost       | read sections that it was in, in period 0 and 1                             |
 * | recoveries | times that a process died in the slot                                       |
 */
export const SlotOffset = { owner: 0, deadOwner: 4, lost: 8, recoveries: 16 } as const;

/** Binary logarithm of the bytes between two slots. */
const SLOT_SHIFT = 6;

/** Tells a region from other memory: "URCS", little-endian. */
export const REGION_MAGIC = 0x53435255;

/** Changes whenever the layout does. */
export const REGION_VERSION = 1;

/** Sizes of a region. */
export interface RegionShape {
  /** One more than the highest id of a possible CPU. */
  readonly cpus: number;
  /** Processes that can be attached at once. */
  readonly slots: number;
}

/** Offset of a slot. */
export function slotOffset(slot: number): number {
  return RegionOffset.firstSlot + (slot << SLOT_SHIFT);
}

/** Offset of the counters of a slot on its first CPU. */
export function countersOffset({ cpus, slots }: RegionShape, slot: number): number {
  return slotOffset(slots) + ((slot * cpus) << BLOCK_SHIFT);
}

/** Bytes of a region. */
export function regionBytes(shape: RegionShape): number {
  return countersOffset(shape, shape.slots);
}
