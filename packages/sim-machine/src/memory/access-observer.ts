import type { AccessKind } from './access-kind.js';
import type { FrameObserver } from './frame-observer.js';
import type { StoreObserver } from './memory-model.js';
import type { FenceKind, MemoryOrder } from './memory-port.js';

/** Told of every access that completed. */
export interface AccessObserver {
  /**
   * Takes note of an access.
   *
   * @param physical address of the first byte; an access that crosses pages is told twice
   * @param size 1 to 8 bytes
   * @param value lower word loaded, stored, or found by an atomic
   * @param address virtual address, int32; -1 for a store that was buffered
   */
  onAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    cpu: number,
    thread: number,
    address: number,
    order: MemoryOrder,
  ): void;
}

/** Told of every fence that was executed. */
export interface FenceObserver {
  /** Takes note of a fence. */
  onFence(kind: FenceKind, cpu: number, thread: number): void;
}

/**
 * Follows accesses and fences as threads execute them, and what the kernel does in their name.
 *
 * A store that a memory model buffers is told twice: when it is executed, and when it is visible.
 */
export interface ShadowObserver
  extends AccessObserver, FenceObserver, FrameObserver, StoreObserver {
  /** The kernel accessed user memory for the thread. See {@link AccessObserver.onAccess}. */
  onKernelAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    cpu: number,
    thread: number,
    address: number,
  ): void;

  /** Forgets everything: memory is reset. */
  reset(): void;
}

/** Prices accesses, fences, and what else executors ask the bus for; a cost model. */
export interface AccessCost {
  /** Charges the CPU for an access. See {@link AccessObserver.onAccess}. */
  chargeAccess(kind: AccessKind, physical: number, size: number, cpu: number): void;
  /** Charges the CPU for what an access with acquire or release order takes besides. */
  chargeOrder(order: MemoryOrder, cpu: number): void;
  /** Charges the CPU for a fence. */
  chargeFence(kind: FenceKind, cpu: number): void;
  /** Charges the CPU for reading its clock. */
  chargeClockRead(cpu: number): void;
  /** Charges the CPU for reading its number. */
  chargeCpuNumberRead(cpu: number): void;
}
