import type { Process } from '@rseqlab/sim-machine';
import { RingOffset } from './ring-layout.js';
import type { RingLayout } from './ring-layout.js';

/** Rings of CPUs, in the memory of a process. */
interface PlacedRings {
  readonly process: Process;
  readonly cpus: readonly number[];
  readonly layout: RingLayout;
  ringOf(cpu: number): number;
}

/** Whether the places have their sub-buffers: the second one has number 1 at first, and never all have 0. */
export function hasTables(rings: PlacedRings): boolean {
  const table = rings.ringOf(rings.cpus[0]!) + RingOffset.table;
  return rings.process.read32(table) !== rings.process.read32(table + 4);
}

/** In mode overwrite the places begin with the sub-buffers in order; the last is the reader's. */
export function initializeTables(rings: PlacedRings): void {
  const { mode, subbufCount } = rings.layout.geometry;
  if (mode !== 'overwrite') return;
  for (const cpu of rings.cpus)
    for (let place = 0; place < subbufCount; place++)
      rings.process.write32(rings.ringOf(cpu) + RingOffset.table + 4 * place, place);
}
