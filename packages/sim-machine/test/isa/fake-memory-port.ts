import type { MemoryPort } from '../../src/memory/memory-port.js';
import type { PhysicalViews } from '../../src/memory/physical-views.js';

/** Why a fake access did not happen. */
export const FakeFault = { Unmapped: 1, Misaligned: 2, Injected: 3 } as const;

/**
 * A memory port over a page table in a map, which writes down every call and faults where it is
 * told to.
 */
export class FakeMemoryPort implements MemoryPort {
  fault = 0;
  high = 0;
  /** Every call, in order. */
  readonly calls: string[] = [];
  /** Numbers of the accesses that fault once, counted from 0. */
  readonly injected = new Set<number>();
  readonly memory: PhysicalViews;
  /** Physical address by virtual page number. */
  readonly pages: ReadonlyMap<number, number>;
  #accesses = 0;

  constructor(memory: PhysicalViews, pages: ReadonlyMap<number, number>) {
    this.memory = memory;
    this.pages = pages;
  }

  load(address: number, size: number, order: number): number {
    const physical = this.#access(`load ${address} ${size} ${order}`, address, size);
    if (physical < 0) return 0x5bad;
    const { words, halves, bytes } = this.memory;
    if (size === 1) return bytes[physical]!;
    if (size === 2) return halves[physical >> 1]!;
    if (size === 8) this.high = words[(physical >> 2) + 1]!;
    return words[physical >> 2]!;
  }

  store(address: number, size: number, low: number, high: number, order: number): void {
    const call = `store ${address} ${size} ${low} ${high} ${order}`;
    const physical = this.#access(call, address, size);
    if (physical < 0) return;
    const { words, halves, bytes } = this.memory;
    if (size === 1) bytes[physical] = low;
    else if (size === 2) halves[physical >> 1] = low;
    else words[physical >> 2] = low;
    if (size === 8) words[(physical >> 2) + 1] = high;
  }

  compareExchange(address: number, expected: number, desired: number): number {
    return this.#modify(`cas ${expected} ${desired}`, address, (old) =>
      old === expected ? desired : old,
    );
  }

  exchange(address: number, value: number): number {
    return this.#modify(`exchange ${value}`, address, () => value);
  }

  fetchAdd(address: number, value: number): number {
    return this.#modify(`add ${value}`, address, (old) => old + value);
  }

  fetchAnd(address: number, value: number): number {
    return this.#modify(`and ${value}`, address, (old) => old & value);
  }

  fetchOr(address: number, value: number): number {
    return this.#modify(`or ${value}`, address, (old) => old | value);
  }

  fetchXor(address: number, value: number): number {
    return this.#modify(`xor ${value}`, address, (old) => old ^ value);
  }

  fence(kind: number): void {
    this.calls.push(`fence ${kind}`);
  }

  clock(): number {
    this.calls.push('clock');
    return 77;
  }

  cpu(): number {
    this.calls.push('cpu');
    return 3;
  }

  #modify(call: string, address: number, combine: (old: number) => number): number {
    const physical = this.#access(`${call} at ${address}`, address, 4);
    if (physical < 0) return 0x5bad;
    const old = this.memory.words[physical >> 2]!;
    this.memory.words[physical >> 2] = combine(old);
    return old;
  }

  /** The physical address, or -1 with `fault` set. */
  #access(call: string, address: number, size: number): number {
    this.calls.push(call);
    const frame = this.pages.get(address >>> 12);
    if (this.injected.delete(this.#accesses++)) this.fault = FakeFault.Injected;
    else if ((address & (size - 1)) !== 0) this.fault = FakeFault.Misaligned;
    else if (frame === undefined) this.fault = FakeFault.Unmapped;
    else {
      this.fault = 0;
      return frame + (address & 0xfff);
    }
    return -1;
  }
}
