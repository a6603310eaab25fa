import type { EventAllowance, MachineConfig, MemoryModelName } from '@rseqlab/sim-machine';
import type { RcuBackend } from './rcu-port.js';

const MEMORY_BYTES = 4 * 1024 * 1024;

/** More stores than threads of litmus tests have, so that no buffer is ever full. */
const BUFFERED_STORES = 16;

/** Nothing happens to the threads of a test: each has a CPU of its own. */
export const LKMM_EVENTS: EventAllowance = { preemption: false, migration: false };

/** A machine for C tests, with a CPU for every thread. */
export function lkmmMachineConfig(
  memory: MemoryModelName,
  threads: number,
  { kernel }: Pick<RcuBackend, 'kernel'>,
): MachineConfig {
  return {
    cpus: threads,
    memory,
    maxThreads: threads,
    maxProcesses: 1,
    memoryBytes: MEMORY_BYTES,
    storeBufferEntries: BUFFERED_STORES,
    ...(kernel && { kernel }),
  };
}
