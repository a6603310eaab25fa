import type { UserMemoryPort } from '../../src/kernel/user-memory-port.js';

/** User memory of words that exist once they were set; all others fault. */
export class FakeUserMemory implements UserMemoryPort {
  failed = false;
  readonly words = new Map<number, number>();

  get32(address: number): number {
    const word = this.words.get(address);
    this.failed = word === undefined;
    return word ?? 0;
  }

  put32(address: number, value: number): void {
    this.failed = !this.words.has(address);
    if (!this.failed) this.words.set(address, value | 0);
  }

  /** Makes words from an address on. */
  set(address: number, ...values: readonly number[]): void {
    for (const [index, value] of values.entries()) this.words.set(address + 4 * index, value);
  }
}
