import { AccessKind } from '../access-kind.js';
import { MemoryOrder } from '../memory-port.js';
import { RangeMap } from './range-map.js';
import type { ShadowAccess } from './shadow-access.js';

/**
 * Which accesses are *marked*: made in the knowledge that others access the same word at the same
 * time, so that two of them do not race.
 *
 * Atomics, acquire and release accesses and those of the kernel always are. Beyond these, marks are
 * declared for data (words that are only ever accessed with READ_ONCE and WRITE_ONCE) or for
 * instructions (the accesses of a restartable sequence, a READ_ONCE in a program).
 *
 * @source tools/memory-model/Documentation/access-marking.txt
 */
export class AccessMarks {
  readonly #data = new RangeMap<true>();
  readonly #instructions = new RangeMap<true>();

  /** Marks all accesses to a range of virtual addresses (unsigned), in every address space. */
  markData(start: number, size: number): void {
    this.#data.set(start >>> 0, (start >>> 0) + size, true);
  }

  /** Marks all accesses of the instructions in a range of addresses. */
  markInstructions(start: number, size: number): void {
    this.#instructions.set(start >>> 0, (start >>> 0) + size, true);
  }

  /** Takes both kinds of marks from a range. */
  unmark(start: number, size: number): void {
    this.#data.delete(start >>> 0, (start >>> 0) + size);
    this.#instructions.delete(start >>> 0, (start >>> 0) + size);
  }

  /** Whether the access is marked; one that begins in marked data counts. @internal */
  isMarked(access: ShadowAccess): boolean {
    if (access.kernel || access.order !== MemoryOrder.Plain) return true;
    if (access.kind >= AccessKind.Update) return true;
    if (this.#data.count > 0 && this.#data.has(access.address >>> 0)) return true;
    return this.#instructions.count > 0 && this.#instructions.has(access.ip >>> 0);
  }

  /** Takes all marks away. */
  clear(): void {
    this.#data.clear();
    this.#instructions.clear();
  }
}
