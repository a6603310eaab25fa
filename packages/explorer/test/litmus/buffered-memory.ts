import type { InitialWord } from '../../src/litmus/compile-litmus.js';
import type { OracleModel } from './oracle-memory.js';

interface Entry {
  readonly address: number;
  readonly size: number;
  readonly value: number;
}

/** What a {@link BufferedMemory} holds, to be saved and restored. */
export interface MemoryState {
  readonly bytes: readonly (readonly [address: number, byte: number])[];
  readonly buffers: readonly (readonly Entry[])[];
}

/** Bytes behind one store buffer a thread; a load that a buffered store half covers drains it. */
export class BufferedMemory {
  readonly #model: OracleModel;
  readonly #bytes = new Map<number, number>();
  readonly #buffers: Entry[][];

  constructor(model: OracleModel, threads: number, memory: readonly InitialWord[]) {
    this.#model = model;
    this.#buffers = Array.from({ length: threads }, () => []);
    for (const { address, word } of memory) this.#write({ address, size: 4, value: word });
  }

  save(): MemoryState {
    return { bytes: [...this.#bytes], buffers: this.#buffers.map((buffer) => [...buffer]) };
  }

  restore({ bytes, buffers }: MemoryState): void {
    for (const [address, byte] of bytes) this.#bytes.set(address, byte);
    buffers.forEach((buffer, thread) => (this.#buffers[thread] = [...buffer]));
  }

  /** So many bytes of memory, whatever the buffers hold, zero-extended. */
  read(address: number, size: number): number {
    let value = 0;
    for (let at = size - 1; at >= 0; at--) {
      const byte = this.#bytes.get(address + at);
      if (byte === undefined) throw new Error(`no memory at ${address + at}`);
      value = (value << 8) | byte;
    }
    return value;
  }

  load(thread: number, address: number, size: number): number {
    const entry = [...this.#buffers[thread]!]
      .reverse()
      .find((store) => address < store.address + store.size && store.address < address + size);
    if (!entry) return this.read(address, size);
    const shift = address - entry.address;
    if (shift < 0 || shift + size > entry.size) {
      this.drainAll(thread);
      return this.read(address, size);
    }
    const value = entry.value >>> (shift * 8);
    return size === 4 ? value | 0 : value & (2 ** (size * 8) - 1);
  }

  store(thread: number, address: number, size: number, value: number): void {
    const entry = { address, size, value };
    if (this.#model === 'sc') this.#write(entry);
    else this.#buffers[thread]!.push(entry);
  }

  /** Changes a word in one step; returns the old one. */
  update(thread: number, address: number, change: (old: number) => number): number {
    this.drainAll(thread);
    const old = this.read(address, 4);
    this.#write({ address, size: 4, value: change(old) });
    return old;
  }

  /** Moves a thread's oldest store to memory; false when there is none. */
  drainOne(thread: number): boolean {
    const oldest = this.#buffers[thread]!.shift();
    if (oldest) this.#write(oldest);
    return oldest !== undefined;
  }

  drainAll(thread: number): void {
    while (this.drainOne(thread));
  }

  #write({ address, size, value }: Entry): void {
    for (let at = 0; at < size; at++) this.#bytes.set(address + at, (value >>> (at * 8)) & 0xff);
  }
}
