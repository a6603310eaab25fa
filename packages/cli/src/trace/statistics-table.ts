import type { StreamStatistics } from '@rseqlab/trace-format';
import Table from 'cli-table3';

/** What is known of a stream. */
export interface StreamRow extends Omit<StreamStatistics, 'type'> {
  readonly id: bigint;
  /** Of its clock, if it has one. */
  readonly frequencyHz: bigint | undefined;
}

/** A row a stream, and their sum. */
export function streamsTable(rows: readonly StreamRow[]): string {
  const heads = [
    'stream',
    'cpu',
    'packets',
    'events',
    'bytes',
    'used',
    'seconds',
    'discarded',
    'lost',
  ];
  const table = tableOf(heads);
  for (const row of rows) {
    const { files, cpuId, packets, events, packetBytes, contentBytes } = row;
    table.push([
      files.length > 1 ? `${files[0]} and ${files.length - 1} more` : files[0]!,
      cpuId === undefined ? '' : String(cpuId),
      String(packets),
      String(events),
      String(packetBytes),
      `${Math.round((contentBytes / Math.max(1, packetBytes)) * 100)}%`,
      secondsText(row),
      String(row.discardedEvents),
      String(row.lostPackets),
    ]);
  }
  return `${table.toString()}\n`;
}

/** A row a kind of event, the most frequent first. */
export function eventsTable(rows: readonly StreamRow[]): string {
  const counts = new Map<string, number>();
  for (const { byName } of rows)
    for (const [name, count] of byName) counts.set(name, (counts.get(name) ?? 0) + count);
  const table = tableOf(['event', 'count']);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  for (const [name, count] of sorted) table.push([name, String(count)]);
  return `${table.toString()}\n`;
}

function tableOf(heads: readonly string[]): InstanceType<typeof Table> {
  return new Table({
    head: [...heads],
    colAligns: heads.map((_, column) => (column === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
}

/** How long a stream lasted. */
function secondsText({ timestampBegin, timestampEnd, frequencyHz }: StreamRow): string {
  if (timestampBegin === undefined || timestampEnd === undefined || !frequencyHz) return '';
  const microseconds = ((timestampEnd - timestampBegin) * 1_000_000n) / frequencyHz;
  return (Number(microseconds) / 1e6).toFixed(6);
}
