import { EventText, LossCounter, mergeEvents } from '@rseqlab/trace-format';
import type { DataStream, EventTextOptions, MergedTrace } from '@rseqlab/trace-format';
import { Command } from 'commander';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';
import { clockTimeText } from './clock-time-text.js';
import { PagedOutput } from './paged-output.js';
import { lostStreams, parsedTrace } from './parsed-trace.js';
import { withTraces } from './trace-folder.js';

interface ViewOptions {
  readonly clockCycles?: true;
  readonly clockSeconds?: true;
  readonly clockGmt?: true;
  readonly clockDate?: true;
  readonly delta: boolean;
}

/** `rseqlab trace view DIR`: events one a line, in the order of time, as babeltrace2 prints them. */
export function traceViewCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('view')
    .description('print the events of a trace as babeltrace2 does, in the order of time')
    .argument('<folder>', 'folder with a trace, or with several at any depth')
    .option('--clock-cycles', 'print times in cycles of their clock')
    .option('--clock-seconds', 'print times in seconds since the origin of their clock')
    .option('--clock-gmt', 'print times of day in UTC')
    .option('--clock-date', 'print dates, too')
    .option('--no-delta', 'leave out the time since the event before')
    .action(async (path: string, options: ViewOptions) => {
      const isWhole = await withTraces(path, io.folder, (traces) =>
        view(traces.map(parsedTrace), lostStreams(traces), textOptions(options), io),
      );
      ended(isWhole ? ExitStatus.Holds : ExitStatus.Finding);
    });
}

/**
 * @param broken - what is known to be lost
 * @returns whether every stream could be read to its end
 */
async function view(
  traces: readonly MergedTrace[],
  broken: string[],
  options: EventTextOptions,
  io: CommandIo,
): Promise<boolean> {
  const text = new EventText(options);
  const page = new PagedOutput(io.out);
  const losses = new Map<DataStream, LossCounter>();
  const events = mergeEvents(traces, {
    packet(packet, stream) {
      let loss = losses.get(stream);
      if (loss === undefined) losses.set(stream, (loss = new LossCounter()));
      loss.take(packet);
    },
    broken: ({ message }) => void broken.push(message),
  });
  for (const event of events) if (page.add(text.line(event))) await page.flush();
  await page.flush();
  for (const message of broken) io.err(`rseqlab: ${message}\n`);
  tellLosses([...losses.values()], io);
  return broken.length === 0;
}

function tellLosses(losses: readonly LossCounter[], io: CommandIo): void {
  const sum = (of: (loss: LossCounter) => bigint): bigint =>
    losses.reduce((total, loss) => total + of(loss), 0n);
  const discarded = sum((loss) => loss.discardedEvents);
  const lost = sum((loss) => loss.lostPackets);
  if (discarded > 0n || lost > 0n)
    io.err(
      `rseqlab: warning: ${discarded} events were discarded, and ${lost} packets are missing\n`,
    );
}

function textOptions(options: ViewOptions): EventTextOptions {
  const { clockCycles, clockSeconds, clockGmt = false, clockDate = false, delta } = options;
  if (clockCycles) return { time: 'cycles', delta };
  if (clockSeconds) return { time: 'seconds', delta };
  return { time: clockTimeText({ isUtc: clockGmt, hasDate: clockDate }), delta };
}
