import { AccessKind } from '@rseqlab/sim-machine';
import type { Machine, ShadowObserver } from '@rseqlab/sim-machine';
import type { TraceAccess } from './run-trace.js';

/** Takes down the accesses of a machine, and tells of each. */
export class AccessRecorder implements ShadowObserver {
  readonly #machine: Machine;
  readonly #told: (access: TraceAccess) => void;
  /** The virtual address at which each physical address was accessed last. */
  readonly #virtual = new Map<number, number>();

  constructor(machine: Machine, told: (access: TraceAccess) => void) {
    this.#machine = machine;
    this.#told = told;
  }

  onAccess(
    kind: AccessKind,
    physical: number,
    size: number,
    value: number,
    _cpu: number,
    _thread: number,
    address: number,
  ): void {
    this.#virtual.set(physical, address >>> 0);
    const where = { address: address >>> 0, size, value };
    const missed = this.#machine.missedWrites;
    if (kind === AccessKind.Load)
      this.#told({ kind: 'load', ...where, ...(missed > 0 ? { missed } : {}) });
    else if (kind === AccessKind.Store)
      this.#told({ kind: this.#machine.buffersStores ? 'buffered' : 'store', ...where });
    else this.#told({ kind: 'atomic', ...where, result: this.#machine.wordAt(physical) });
  }

  onFence(): void {
    this.#told({ kind: 'fence', address: -1, size: 0, value: 0 });
  }

  onKernelAccess(
    _kind: AccessKind,
    physical: number,
    _size: number,
    _value: number,
    _cpu: number,
    _thread: number,
    address: number,
  ): void {
    this.#virtual.set(physical, address >>> 0);
  }

  storeVisible(physical: number, size: number, low: number): void {
    if (!this.#machine.buffersStores) return;
    const address = this.#virtual.get(physical) ?? -1;
    this.#told({ kind: 'visible', address, size, value: low });
  }

  frameCopied(): void {
    // Virtual addresses stay what they are.
  }

  frameFreed(): void {
    // As above.
  }

  reset(): void {
    this.#virtual.clear();
  }
}
