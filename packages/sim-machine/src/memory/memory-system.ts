import type { StateArena } from '../base/state-arena.js';
import type { ShadowObserver } from './access-observer.js';
import { AddressSpaces } from './address-spaces.js';
import { Bus, type CpuClock } from './bus.js';
import type { BusHooks } from './bus-hooks.js';
import { createMemoryModel, type MemoryModelName } from './create-memory-model.js';
import type { FaultHandler } from './fault-handler.js';
import { HostAccess } from './host-access.js';
import type { MemoryModel } from './memory-model.js';
import { MemoryObjects } from './memory-objects.js';
import { PageTables } from './page-tables.js';
import { PhysicalMemory } from './physical-memory.js';
import type { SpaceParts } from './space-parts.js';
import { SwapStore } from './swap-store.js';
import { TextSegment } from './text-segment.js';
import { TranslationCache } from './translation-cache.js';
import { UserAccess } from './user-access.js';

/** What a memory system is made of. */
export interface MemorySystemOptions {
  /** The machine's state columns. */
  readonly arena: StateArena;
  /** One more than the highest CPU id. */
  readonly cpus: number;
  /** The kernel's side of page faults. */
  readonly faults: FaultHandler;
  /** The CPUs' clocks. */
  readonly clock: CpuClock;
  /** Default `sc`. */
  readonly model?: MemoryModelName | undefined;
  /** Physical memory; default 64 MiB. */
  readonly sizeBytes?: number | undefined;
  /** Text segment, part of physical memory; default 1 MiB. */
  readonly textBytes?: number | undefined;
  /** Stores that a CPU can buffer under `tso` and `weak`; default 8. */
  readonly storeBufferEntries?: number | undefined;
  /** See {@link MemoryModelOptions}. */
  readonly chooseWrite?: ((count: number) => number) | undefined;
  /** See {@link MemoryModelOptions}. */
  readonly isOccupied?: ((cpu: number) => boolean) | undefined;
  /** Pages that fit into the swap store; default 4096. */
  readonly swapPages?: number | undefined;
  /** Address spaces whose pages executors can reach themselves; default 64. */
  readonly translatedSpaces?: number | undefined;
  /** Areas an address space; default 65530, as vm.max_map_count. */
  readonly maxAreas?: number | undefined;
  /** Whether to keep a fingerprint of all memory, for searches; default no. */
  readonly trackFingerprint?: boolean | undefined;
}

/** All memory of one machine, put together. */
export class MemorySystem {
  readonly physical: PhysicalMemory;
  readonly text: TextSegment;
  readonly translations: TranslationCache;
  readonly objects: MemoryObjects;
  readonly swap: SwapStore;
  readonly model: MemoryModel;
  readonly spaces: AddressSpaces;
  readonly bus: Bus;
  readonly user: UserAccess;
  readonly host: HostAccess;
  #shadow: ShadowObserver | undefined;

  /** @throws MachineError ERR_CONFIG for sizes or a model that cannot be */
  constructor(options: MemorySystemOptions) {
    const { faults, clock } = options;
    const memory = new PhysicalMemory({
      sizeBytes: options.sizeBytes ?? 64 * 2 ** 20,
      trackFingerprint: options.trackFingerprint ?? false,
    });
    const tables = new PageTables();
    this.physical = memory;
    this.text = new TextSegment(memory, options.textBytes ?? 2 ** 20);
    this.translations = new TranslationCache(options.translatedSpaces ?? 64);
    this.swap = new SwapStore(memory, options.swapPages ?? 4096);
    this.objects = new MemoryObjects(memory, tables, this.swap);
    this.model = createMemoryModel(options.model ?? 'sc', memory, options);
    const parts: SpaceParts = {
      memory,
      tables,
      text: this.text,
      objects: this.objects,
      swap: this.swap,
      translations: this.translations,
      quiescence: this.model,
      maxAreas: options.maxAreas ?? 65530,
    };
    this.spaces = new AddressSpaces(parts);
    this.host = new HostAccess(parts);
    const { model, translations } = this;
    this.bus = new Bus({ memory, tables, translations, model, faults, clock });
    this.user = new UserAccess({ model, faults, current: this.bus });
  }

  /** Replaces what listens; shadow state is attached before memory is used, as it follows frames. */
  attach(hooks: BusHooks): void {
    this.bus.attach(hooks);
    this.user.shadow = hooks.shadow;
    this.physical.observer = hooks.shadow;
    this.#shadow = hooks.shadow;
  }

  /**
   * Everything as after construction, in O(what was used); the text and what is attached stay.
   *
   * State in the arena is reset by its owner, at the same time.
   */
  reset(): void {
    this.spaces.reset();
    this.objects.reset();
    this.swap.reset();
    this.translations.reset();
    this.physical.reset();
    this.#shadow?.reset();
  }
}
