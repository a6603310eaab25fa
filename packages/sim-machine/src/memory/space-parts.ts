import type { FrameQuiescence } from './memory-model.js';
import type { MemoryObjects } from './memory-objects.js';
import type { PageTables } from './page-tables.js';
import type { PhysicalMemory } from './physical-memory.js';
import type { SwapStore } from './swap-store.js';
import type { TextSegment } from './text-segment.js';
import type { TranslationCache } from './translation-cache.js';

/** The parts of a machine that its address spaces share. */
export interface SpaceParts {
  readonly memory: PhysicalMemory;
  readonly text: TextSegment;
  readonly tables: PageTables;
  readonly objects: MemoryObjects;
  readonly swap: SwapStore;
  readonly translations: TranslationCache;
  readonly quiescence: FrameQuiescence;
  /** Areas that an address space may have: vm.max_map_count. */
  readonly maxAreas: number;
}
