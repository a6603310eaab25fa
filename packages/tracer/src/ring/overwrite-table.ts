import { RingOffset } from './ring-layout.js';
import type { RingBuffers } from './ring-buffers.js';

/** Whether the places have their sub-buffers: the second one has number 1 at first, and never all have 0. */
export function hasTables(buffers: RingBuffers): boolean {
  const table = buffers.ringOf(buffers.cpus[0]!) + RingOffset.table;
  return buffers.process.read32(table) !== buffers.process.read32(table + 4);
}

/** In mode overwrite the places begin with the sub-buffers in order; the last is the reader's. */
export function initializeTables(buffers: RingBuffers): void {
  const { mode, subbufCount } = buffers.layout.geometry;
  if (mode !== 'overwrite') return;
  for (const cpu of buffers.cpus)
    for (let place = 0; place < subbufCount; place++)
      buffers.process.write32(buffers.ringOf(cpu) + RingOffset.table + 4 * place, place);
}
