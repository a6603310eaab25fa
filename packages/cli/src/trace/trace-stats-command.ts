import { clockOfStream, streamStatistics } from '@rseqlab/trace-format';
import type { MergedTrace } from '@rseqlab/trace-format';
import { Command } from 'commander';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';
import { lostStreams, parsedTrace } from './parsed-trace.js';
import { eventsTable, streamsTable } from './statistics-table.js';
import type { StreamRow } from './statistics-table.js';
import { withTraces } from './trace-folder.js';

/** `rseqlab trace stats DIR`: how much is in a trace. */
export function traceStatsCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('stats')
    .description('count events, packets and losses of a trace')
    .argument('<folder>', 'folder with a trace, or with several at any depth')
    .option('--json', 'print JSON')
    .action(async (path: string, { json = false }: { readonly json?: boolean }) => {
      const broken: string[] = [];
      const rows = await withTraces(path, io.folder, (traces) => {
        broken.push(...lostStreams(traces));
        return traces.map(parsedTrace).flatMap((trace) => rowsOf(trace, broken));
      });
      io.out(json ? jsonText(rows) : `${streamsTable(rows)}\n${eventsTable(rows)}`);
      for (const message of broken) io.err(`rseqlab: ${message}\n`);
      ended(broken.length === 0 ? ExitStatus.Holds : ExitStatus.Finding);
    });
}

function rowsOf({ trace, streams }: MergedTrace, broken: string[]): StreamRow[] {
  return streams.flatMap((stream) => {
    const statistics = streamStatistics(trace, stream, ({ message }) => void broken.push(message));
    if (statistics === undefined) return [];
    const { type, ...rest } = statistics;
    return [{ ...rest, id: type.id, frequencyHz: clockOfStream(trace, type)?.frequencyHz }];
  });
}

function jsonText(rows: readonly StreamRow[]): string {
  const streams = rows.map(({ byName, ...rest }) => ({
    ...rest,
    byName: Object.fromEntries(byName),
  }));
  const text = JSON.stringify(
    { streams },
    (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    2,
  );
  return `${text}\n`;
}
