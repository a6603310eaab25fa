import type { Operation, Process, SharedMemory } from '@rseqlab/sim-machine';
import type { PoolMapping, PoolMemory } from './pool-memory.js';

/** A pool's memory from outside of the machine, while nothing of it moves: needs no lock. */
export class HostMemory implements PoolMemory {
  readonly shadow = undefined;
  readonly #process: Process;
  readonly #initialValues: SharedMemory | undefined;

  constructor(process: Process, initialValues: SharedMemory | undefined) {
    this.#process = process;
    this.#initialValues = initialValues;
  }

  *load(address: number): Operation<number> {
    return this.#process.read32(address);
  }

  *store(address: number, value: number): Operation<void> {
    this.#process.write32(address, value);
  }

  *lock(): Operation<void> {
    return;
  }

  *unlock(): Operation<void> {
    return;
  }

  *map({ length, flags, address, initialValuesAt }: PoolMapping): Operation<number> {
    const backed = initialValuesAt === undefined ? undefined : this.#initialValues;
    return this.#process.map(length, flags, backed, address, initialValuesAt);
  }

  *unmap(address: number, length: number): Operation<number> {
    return this.#process.unmap(address, length);
  }
}

/** Carries out an operation on {@link HostMemory}, which never yields. */
export function atOnce<Result>(operation: Operation<Result>): Result {
  for (;;) {
    const step = operation.next();
    if (step.done === true) return step.value;
  }
}
