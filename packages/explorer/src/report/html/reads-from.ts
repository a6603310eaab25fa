import type { TraceAccess, TraceRow } from '../../trace/run-trace.js';

/** Where a load took its value from: a row of the trace, or what was there before. */
export interface ReadFrom {
  /** Virtual address that was read, 0 to 2^32 - 1. */
  readonly address: number;
  /** Index of the row that wrote it; -1 for what was there before the first row. */
  readonly row: number;
}

/** Accesses that change memory as the thread that makes them sees it. */
const WRITES: ReadonlySet<TraceAccess['kind']> = new Set([
  'store',
  'buffered',
  'visible',
  'atomic',
]);

/**
 * Which row every row's loads took their values from.
 *
 * A load takes the value of its own CPU's latest buffered store to the address, or else of the latest
 * write that is visible. An atomic that wrote is a write; what it found, it read.
 */
export function readsFrom(rows: readonly TraceRow[]): readonly (readonly ReadFrom[])[] {
  const visible = new Map<number, number>();
  const buffered = new Map<string, number>();
  return rows.map(({ cpu, accesses }, row) => {
    const read: ReadFrom[] = [];
    for (const { kind, address } of accesses) {
      const own = `${cpu} ${address}`;
      if (kind === 'load' || kind === 'atomic')
        read.push({ address, row: buffered.get(own) ?? visible.get(address) ?? -1 });
      if (!WRITES.has(kind)) continue;
      if (kind === 'buffered') buffered.set(own, row);
      else if (kind === 'visible') {
        visible.set(address, buffered.get(own) ?? row);
        buffered.delete(own);
      } else visible.set(address, row);
    }
    return read;
  });
}
