import { StateArena } from '../../src/base/state-arena.js';
import type { AddressSpace } from '../../src/memory/address-space.js';
import type { FaultHandler, SegvCode } from '../../src/memory/fault-handler.js';
import type { FaultOutcome } from '../../src/memory/fault-outcome.js';
import { MapFlag, Protection } from '../../src/memory/mapping-flags.js';
import { MemorySystem, type MemorySystemOptions } from '../../src/memory/memory-system.js';

export const PAGE = 4096;
export const READ = Protection.Read;
export const READ_WRITE: number = Protection.Read | Protection.Write;
export const PRIVATE: number = MapFlag.Private | MapFlag.Anonymous;
export const SHARED: number = MapFlag.Shared | MapFlag.Anonymous;

/** One fault, as the handler was told. */
export type FaultRecord =
  | readonly ['minor', number, FaultOutcome]
  | readonly ['major', number]
  | readonly ['segv', number, SegvCode]
  | readonly ['bus', number]
  | readonly ['oom', number];

/** Writes down what a kernel would act on. */
export class RecordingFaults implements FaultHandler {
  readonly log: FaultRecord[] = [];

  minorFault(address: number, kind: FaultOutcome): void {
    this.log.push(['minor', address, kind]);
  }
  majorFault(address: number): void {
    this.log.push(['major', address]);
  }
  segmentation(address: number, code: SegvCode): void {
    this.log.push(['segv', address, code]);
  }
  busError(address: number): void {
    this.log.push(['bus', address]);
  }
  outOfMemory(address: number): void {
    this.log.push(['oom', address]);
  }
}

/** A memory system with its arena and a recording kernel. */
export interface Fixture {
  readonly arena: StateArena;
  readonly faults: RecordingFaults;
  readonly memory: MemorySystem;
}

/** A small memory system: 2 CPUs, 4 MiB, 16 KiB of text, swap of 64 pages. */
export function createFixture(options: Partial<MemorySystemOptions> = {}): Fixture {
  const arena = new StateArena();
  const faults = new RecordingFaults();
  const memory = new MemorySystem({
    arena,
    cpus: 2,
    faults,
    clock: { now: (cpu) => 1000 + cpu },
    sizeBytes: 4 * 2 ** 20,
    textBytes: 4 * PAGE,
    swapPages: 64,
    ...options,
  });
  return { arena, faults, memory };
}

/** Maps private anonymous pages, readable and writable, where the kernel likes. */
export function mapPages(space: AddressSpace, pages: number): number {
  return space.mmap(0, pages * PAGE, READ_WRITE, PRIVATE);
}
