import { BUFFER_OF_POINTERS } from './buffer.js';
import { COUNTER } from './counter.js';
import { LIST } from './list.js';
import { LOCK } from './lock.js';
import { MEMBARRIER } from './membarrier.js';
import { MEMCPY_BUFFER } from './memcpy-buffer.js';
import type { StressStructure } from './stress-structure.js';

/** Every structure that is put under stress; another one is a file and a line here. */
export const STRUCTURES: readonly StressStructure[] = [
  COUNTER,
  LOCK,
  LIST,
  BUFFER_OF_POINTERS,
  MEMCPY_BUFFER,
  MEMBARRIER,
];
