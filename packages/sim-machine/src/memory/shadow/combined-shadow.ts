import type { AccessKind } from '../access-kind.js';
import type { ShadowObserver } from '../access-observer.js';
import type { FenceKind, MemoryOrder } from '../memory-port.js';

/** Two observers in the place of one; the first is told first. */
export class CombinedShadow implements ShadowObserver {
  readonly #first: ShadowObserver;
  readonly #second: ShadowObserver;

  constructor(first: ShadowObserver, second: ShadowObserver) {
    this.#first = first;
    this.#second = second;
  }

  onAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    cpu: number,
    thread: number,
    address: number,
    order: MemoryOrder,
  ): void {
    this.#first.onAccess(kind, physical, size, value, cpu, thread, address, order);
    this.#second.onAccess(kind, physical, size, value, cpu, thread, address, order);
  }

  onKernelAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    cpu: number,
    thread: number,
    address: number,
  ): void {
    this.#first.onKernelAccess(kind, physical, size, value, cpu, thread, address);
    this.#second.onKernelAccess(kind, physical, size, value, cpu, thread, address);
  }

  onFence(kind: FenceKind, cpu: number, thread: number): void {
    this.#first.onFence(kind, cpu, thread);
    this.#second.onFence(kind, cpu, thread);
  }

  storeVisible(physical: number, size: number, low: number, cpu: number, thread: number): void {
    this.#first.storeVisible(physical, size, low, cpu, thread);
    this.#second.storeVisible(physical, size, low, cpu, thread);
  }

  frameCopied(from: number, to: number): void {
    this.#first.frameCopied(from, to);
    this.#second.frameCopied(from, to);
  }

  frameFreed(frame: number): void {
    this.#first.frameFreed(frame);
    this.#second.frameFreed(frame);
  }

  reset(): void {
    this.#first.reset();
    this.#second.reset();
  }
}
