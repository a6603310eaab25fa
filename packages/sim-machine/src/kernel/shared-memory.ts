import type { MemoryObject } from '../memory/memory-object.js';
import type { MemoryObjects } from '../memory/memory-objects.js';

/** Memory that several processes can map, as made by memfd_create. */
export interface SharedMemory {
  /** File descriptor under which every process can mmap it. */
  readonly descriptor: number;
  /** Size; zeros behind it up to the page's end. */
  readonly sizeBytes: number;
}

/** Descriptors below are those of standard input, output and error. */
const FIRST_DESCRIPTOR = 3;

/**
 * The shared memory of a machine.
 *
 * Descriptors are the same number in every process, as if all of them had inherited or been sent it.
 */
export class SharedMemoryTable {
  readonly #memory: MemoryObjects;
  readonly #objects: MemoryObject[] = [];

  constructor(memory: MemoryObjects) {
    this.#memory = memory;
  }

  /** Forgets all; the memory system is reset by its owner. */
  reset(): void {
    if (this.#objects.length > 0) this.#objects.length = 0;
  }

  /**
   * Makes zeroed memory.
   *
   * @throws MachineError `ERR_CAPACITY` when the size is out of range
   */
  create(sizeBytes: number): SharedMemory {
    this.#objects.push(this.#memory.create(sizeBytes));
    return { descriptor: FIRST_DESCRIPTOR + this.#objects.length - 1, sizeBytes };
  }

  /** The memory behind a descriptor, or undefined. */
  at(descriptor: number): MemoryObject | undefined {
    return this.#objects[descriptor - FIRST_DESCRIPTOR];
  }
}
