import type { Machine, Process, SharedMemory } from '@rseqlab/sim-machine';
import { TracerError } from '../tracer-error.js';

/** Who may record in a session's buffers, and whose they are. */
export type BufferScheme = 'private' | 'per-pid' | 'per-uid';

/** Where the words of a session lie that all of its processes see. */
export interface SessionMemory {
  /** Reserves zeroed memory. @returns its address in the session's process */
  allocate(bytes: number): number;
  /** Address in another process of what was reserved. @throws TracerError `ERR_PROCESS` where there is none */
  addressIn(process: Process, address: number): number;
}

/** Memory of one process, for sessions that trace no other. */
export class PrivateSessionMemory implements SessionMemory {
  readonly #process: Process;

  constructor(process: Process) {
    this.#process = process;
  }

  allocate(bytes: number): number {
    return this.#process.allocate(bytes);
  }

  addressIn(process: Process): number {
    throw new TracerError(
      'ERR_PROCESS',
      `expected a session with buffers per-uid or per-pid to trace process ${process.pid}, got one with private ones`,
    );
  }
}

/** Size of the shared memory: more than a thousand tracepoints. */
const SHARED_BYTES = 2 ** 18;
const LINE_BYTES = 64;

/** Memory that all processes of a session map. */
export class SharedSessionMemory implements SessionMemory {
  readonly #memory: SharedMemory;
  readonly #address: number;
  readonly #addresses = new Map<Process, number>();
  #usedBytes = 0;

  constructor(machine: Machine, process: Process) {
    this.#memory = machine.createSharedMemory(SHARED_BYTES);
    this.#address = process.mapShared(this.#memory);
    this.#addresses.set(process, this.#address);
  }

  /** @throws TracerError `ERR_EVENT` when there is no room for more tracepoints */
  allocate(bytes: number): number {
    const size = Math.ceil(bytes / LINE_BYTES) * LINE_BYTES;
    if (this.#usedBytes + size > SHARED_BYTES)
      throw new TracerError(
        'ERR_EVENT',
        `expected tracepoints that fit in ${SHARED_BYTES} bytes of shared memory, got one more`,
      );
    this.#usedBytes += size;
    return this.#address + this.#usedBytes - size;
  }

  addressIn(process: Process, address: number): number {
    let base = this.#addresses.get(process);
    if (base === undefined) this.#addresses.set(process, (base = process.mapShared(this.#memory)));
    return base + address - this.#address;
  }
}
