import {
  PACKET_HEADER,
  PacketWriter,
  eventHeaderType,
  integerType,
  packetContextType,
} from '@rseqlab/trace-format';
import type { EventClass, StreamClass, TraceClass } from '@rseqlab/trace-format';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TraceFolderWriter } from '../../src/trace/trace-folder-writer.js';
import type { TraceFileSystem } from '../../src/trace/trace-files.js';

const CLOCK = 'monotonic';

/** The only kind of event of {@link TRACE}. */
const TICK: EventClass = {
  id: 0n,
  name: 'lab:tick',
  fields: {
    kind: 'structure',
    minAlignBits: 1,
    fields: [
      { name: 'value', type: integerType(32) },
      { name: 'text', type: { kind: 'string', encoding: 'UTF8' } },
    ],
  },
};

const STREAM: StreamClass = {
  id: 0n,
  packetContext: packetContextType(CLOCK),
  eventHeader: eventHeaderType('compact', CLOCK),
  events: new Map([[0n, TICK]]),
};

/** A trace of ticks. */
export const TRACE: TraceClass = {
  major: 1,
  minor: 8,
  uuid: '01234567-89ab-4cde-8f01-23456789abcd',
  byteOrder: 'le',
  packetHeader: PACKET_HEADER,
  environment: new Map([['hostname', 'lab']]),
  clocks: new Map([
    [
      CLOCK,
      {
        name: CLOCK,
        frequencyHz: 1_000_000_000n,
        precisionCycles: 0n,
        offsetSeconds: 1_500_000_000n,
        offsetCycles: 0n,
        isAbsolute: false,
      },
    ],
  ]),
  streams: new Map([[0n, STREAM]]),
};

/** What a packet of ticks is to say. */
export interface TickPacket {
  readonly ticks: readonly bigint[];
  readonly sequence: bigint;
  readonly cpu?: number;
  readonly discarded?: bigint;
}

/** A packet of ticks. */
export function tickPacket({ ticks, sequence, cpu = 0, discarded = 0n }: TickPacket): Uint8Array {
  const writer = new PacketWriter(TRACE, STREAM, 'compact', 4096);
  const instance = BigInt(cpu);
  const [begin, end] = [ticks[0] ?? 0n, ticks.at(-1) ?? 0n];
  writer.begin({ timestampBegin: begin, sequence, cpuId: cpu, streamInstance: instance });
  for (const [n, time] of ticks.entries())
    writer.write(TICK, time, { value: n, text: `tick "${n}"` });
  return writer.end({ timestampEnd: end, eventsDiscarded: discarded }).slice();
}

/** A folder of its own for a test. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'rseqlab-trace-'));
}

/** Writes a trace of two CPUs, two packets each, into a folder. */
export function writeExample(folder: string, files?: TraceFileSystem): void {
  const writer = new TraceFolderWriter(folder, TRACE, undefined, files);
  try {
    for (const sequence of [0n, 1n])
      for (const cpu of [0, 1]) {
        const start = sequence * 1000n + BigInt(cpu);
        writer.append(`cpu_${cpu}`, tickPacket({ ticks: [start, start + 10n], sequence, cpu }));
      }
  } finally {
    writer.close();
  }
}
