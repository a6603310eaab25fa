import { MachineError } from '../base/machine-error.js';
import type { StateArena } from '../base/state-arena.js';
import type { MemoryModel } from './memory-model.js';
import type { PhysicalMemory } from './physical-memory.js';
import { SequentialMemory } from './sequential-memory.js';
import { DEFAULT_STORE_BUFFER_ENTRIES } from './store-buffers.js';
import { TotalStoreOrder } from './total-store-order.js';
import { WeakMemory } from './weak/weak-memory.js';

/**
 * The memory models by name: `sc` (sequential consistency), `tso` (x86), `weak` (as ARMv8, RISC-V);
 * each allows what the one before it does.
 */
export const MEMORY_MODEL_NAMES = ['sc', 'tso', 'weak'] as const;

/** The name of a memory model. */
export type MemoryModelName = (typeof MEMORY_MODEL_NAMES)[number];

/** What a memory model may need besides memory. */
export interface MemoryModelOptions {
  /** The machine's state columns. */
  readonly arena: StateArena;
  /** One more than the highest CPU id. */
  readonly cpus: number;
  /** Stores that a CPU can buffer, 1 to 64; default 8. */
  readonly storeBufferEntries?: number | undefined;
  /** Which of several writes a load takes its value from, 0 for the newest; default the newest. */
  readonly chooseWrite?: ((count: number) => number) | undefined;
  /** Whether a thread runs on a CPU; default on every one. */
  readonly isOccupied?: ((cpu: number) => boolean) | undefined;
}

/**
 * The memory model of that name.
 *
 * @throws MachineError ERR_CONFIG for another name or an impossible store buffer
 */
export function createMemoryModel(
  name: MemoryModelName,
  memory: PhysicalMemory,
  options: MemoryModelOptions,
): MemoryModel {
  if (!MEMORY_MODEL_NAMES.includes(name))
    throw new MachineError(
      'ERR_CONFIG',
      `expected a memory model (${MEMORY_MODEL_NAMES.join(', ')}), got "${name}"`,
    );
  return makers[name](memory, options);
}

const makers = {
  sc: (memory: PhysicalMemory): MemoryModel => new SequentialMemory(memory),
  tso: (memory: PhysicalMemory, options: MemoryModelOptions): MemoryModel =>
    new TotalStoreOrder(memory, options.arena, options.cpus, options.storeBufferEntries),
  weak: (memory: PhysicalMemory, options: MemoryModelOptions): MemoryModel =>
    new WeakMemory(memory, {
      arena: options.arena,
      cpus: options.cpus,
      capacity: options.storeBufferEntries ?? DEFAULT_STORE_BUFFER_ENTRIES,
      choose: options.chooseWrite ?? (() => 0),
      occupied: options.isOccupied ?? (() => true),
    }),
} as const satisfies Record<
  MemoryModelName,
  (memory: PhysicalMemory, options: MemoryModelOptions) => MemoryModel
>;
