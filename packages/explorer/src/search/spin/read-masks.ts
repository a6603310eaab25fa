import { AccessKind, OperationKind, createPendingOperation } from '@rseqlab/sim-machine';
import type { DecisionPoint, LookAhead, Machine, ShadowObserver } from '@rseqlab/sim-machine';

/** Spreads addresses that are a power of two apart over the bits of a mask. */
const GOLDEN_RATIO = 0x9e3779b1;

/**
 * Tells whether a thread may be about to read what it has read since it last changed anything: a bit for
 * every address that it read, by a hash.
 *
 * Invariant: what is in a thread's window ({@link ReadWindows}) is in its mask. So nobody spins as long as this
 * finds nobody, and an access costs next to nothing until then.
 */
export class ReadMasks implements ShadowObserver {
  readonly #machine: Machine;
  readonly #ahead: LookAhead;
  readonly #masks: Int32Array;
  /** 1 for threads that may look at another instruction since it was set to 0. */
  readonly #changed: Uint8Array;
  readonly #pending = createPendingOperation();

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#ahead = machine.ahead;
    this.#masks = new Int32Array(machine.threads.capacity);
    this.#changed = new Uint8Array(machine.threads.capacity);
  }

  reset(): void {
    this.#masks.fill(0);
    this.#changed.fill(0);
  }

  /** Whether the thread of a CPU may be about to read what it has read before. */
  mayFind(point: DecisionPoint): boolean {
    const cpus = point.possibleCpus;
    for (let n = 0; n < cpus.length; n++) {
      const thread = point.currentOn(cpus[n]!);
      if (thread < 0 || this.#changed[thread] === 0) continue;
      this.#changed[thread] = 0;
      if (this.#masks[thread] === 0) continue;
      const { kind, address } = this.#ahead.operation(thread, this.#pending);
      if (isUntold(kind)) this.#changed[thread] = 1;
      const reads = kind === OperationKind.Load || kind === OperationKind.Atomic;
      if (reads && (this.#masks[thread]! & bitOf(address)) !== 0) return true;
    }
    return false;
  }

  onAccess(
    kind: AccessKind,
    physical: number,
    _size: number,
    value: number,
    _cpu: number,
    thread: number,
    address: number,
  ): void {
    this.#changed[thread] = 1;
    const isRead =
      kind === AccessKind.Load ||
      kind === AccessKind.FailedUpdate ||
      (kind === AccessKind.Update && this.#machine.wordAt(physical) === value);
    this.#masks[thread] = isRead ? this.#masks[thread]! | bitOf(address) : 0;
  }

  onFence(_kind: number, _cpu: number, thread: number): void {
    this.#changed[thread] = 1;
  }

  storeVisible(): void {
    this.#changed.fill(1);
  }

  onKernelAccess(): void {
    // What the kernel writes takes reads out of windows, and never brings one back.
  }

  frameCopied(): void {
    // As above.
  }

  frameFreed(): void {
    // As above.
  }
}

/** Whether nothing tells of it that an operation is over. */
export function isUntold(kind: OperationKind): boolean {
  return (
    kind === OperationKind.Syscall || kind === OperationKind.Pause || kind === OperationKind.Local
  );
}

function bitOf(address: number): number {
  return 1 << (Math.imul(address, GOLDEN_RATIO) >>> 27);
}
