import { mmap, munmap } from '@rseqlab/sim-machine';
import type {
  AllocationShadow,
  Mutex,
  Operation,
  SharedMemory,
  Thread,
} from '@rseqlab/sim-machine';
import type { PoolMapping, PoolMemory, PoolShadow } from './pool-memory.js';

/** A pool's memory as a thread of the process gets at it. */
export class ThreadMemory implements PoolMemory {
  readonly shadow: PoolShadow | undefined;
  readonly #thread: Thread;
  readonly #mutex: Mutex;
  readonly #initialValues: SharedMemory | undefined;

  constructor(
    thread: Thread,
    mutex: Mutex,
    initialValues: SharedMemory | undefined,
    allocations: AllocationShadow | undefined,
  ) {
    this.#thread = thread;
    this.#mutex = mutex;
    this.#initialValues = initialValues;
    this.shadow = allocations && shadowOf(allocations, thread.id);
  }

  load(address: number): Operation<number> {
    return this.#thread.load(address);
  }

  store(address: number, value: number): Operation<void> {
    return this.#thread.store(address, value);
  }

  lock(): Operation<void> {
    return this.#mutex.lock(this.#thread);
  }

  unlock(): Operation<void> {
    return this.#mutex.unlock(this.#thread);
  }

  map({ length, flags, address = 0, initialValuesAt }: PoolMapping): Operation<number> {
    const backed = initialValuesAt === undefined ? undefined : this.#initialValues;
    return mmap(this.#thread, {
      length,
      flags,
      address,
      descriptor: backed?.descriptor ?? -1,
      offset: initialValuesAt ?? 0,
    });
  }

  unmap(address: number, length: number): Operation<number> {
    return munmap(this.#thread, address, length);
  }
}

function shadowOf(allocations: AllocationShadow, thread: number): PoolShadow {
  return {
    allocate: (start, bytes) => {
      allocations.allocate(thread, start, bytes);
    },
    free: (start) => {
      allocations.free(thread, start);
    },
    forbid: (start, bytes) => {
      allocations.declareArena(thread, start, bytes);
    },
    forget: (start, bytes) => {
      allocations.forget(thread, start, bytes);
    },
  };
}
