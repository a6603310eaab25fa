import { StreamReader } from '@rseqlab/trace-format';
import { sample } from '../measure/sample.js';
import type { Round } from '../measure/sample.js';
import { Tournament } from '../measure/tournament.js';
import { judged } from '../report/report.js';
import type { Row } from '../report/report.js';
import type { TableRow } from '../report/table-report.js';
import { PAYLOADS, TraceStream, repeatedPacket } from '../workload/trace-stream.js';
import type { Payload } from '../workload/trace-stream.js';
import type { Benchmark } from './benchmark.js';

const PACKETS = 20;

const WANTED_BYTES = 300e6;
const WANTED_EVENTS = 2e6;

/** Size of the trace that memory is measured with, and what may be held of it. */
const LARGE_BYTES = 2 ** 31;
const MOST_HELD_BYTES = 64 * 2 ** 20;

const PAYLOAD_NAMES = Object.keys(PAYLOADS) as Payload[];

const LABELS: Readonly<Record<Payload, string>> = {
  number: 'a number of 32 bits (8 bytes an event)',
  numbers: 'eight numbers of 64 bits (68 bytes)',
  text: 'a number and 28 characters of text (37 bytes)',
};

/** How fast traces are written and read, and what memory a large one takes. */
export const tracesBenchmark: Benchmark = {
  name: 'traces',
  title: 'events of the Common Trace Format on one core',
  contestants: Object.fromEntries(
    PAYLOAD_NAMES.flatMap((payload) => [
      [`write ${payload}`, () => writing(payload)],
      [`read ${payload}`, () => reading(payload)],
    ]),
  ),
  async measure({ rounds, contestant }) {
    const tournament = new Tournament(Object.keys(this.contestants).map(contestant));
    await tournament.play(rounds);
    const rows = (act: 'write' | 'read', wanted: number): Row[] =>
      PAYLOAD_NAMES.map((payload) => {
        const value = tournament.rate(`${act} ${payload}`);
        return judged(LABELS[payload], value, undefined, wanted);
      });
    const { name } = this;
    return [
      {
        benchmark: name,
        title: 'written into packets',
        unit: 'bytes/s',
        rows: rows('write', WANTED_BYTES),
      },
      {
        benchmark: name,
        title: 'read out of packets, every field of it',
        unit: 'events/s',
        rows: rows('read', WANTED_EVENTS),
      },
      {
        benchmark: name,
        title: 'memory of the process while a trace of 2 GiB is read',
        head: ['', 'events', 'MiB held at most'],
        digits: 0,
        rows: [largeTrace()],
        notes: ['beyond what the process took before; sampled once a packet'],
      },
    ];
  },
};

function writing(payload: Payload): Round {
  const stream = new TraceStream(payload);
  return () =>
    sample(() => {
      let work = 0;
      for (let n = 0; n < PACKETS; n++) work += stream.writePacket().bytes.length;
      return { work };
    });
}

function reading(payload: Payload): Round {
  const stream = new TraceStream(payload);
  const packet = stream.writePacket().bytes.slice();
  return () =>
    sample(() => ({
      work: countEvents(new StreamReader(stream.trace, repeatedPacket(packet, PACKETS))),
    }));
}

function countEvents(reader: StreamReader, onPacket: () => void = () => undefined): number {
  let events = 0;
  while (reader.nextPacket() !== undefined) {
    while (reader.nextEvent() !== undefined) events += 1;
    onPacket();
  }
  return events;
}

function largeTrace(): TableRow {
  const stream = new TraceStream('numbers');
  const packet = stream.writePacket().bytes.slice();
  const source = repeatedPacket(packet, Math.ceil(LARGE_BYTES / packet.length));
  const before = process.memoryUsage.rss();
  let most = 0;
  const events = countEvents(new StreamReader(stream.trace, source), () => {
    most = Math.max(most, process.memoryUsage.rss() - before);
  });
  return {
    cells: ['2 GiB in packets of 256 KiB', events, most / 2 ** 20],
    passed: most <= MOST_HELD_BYTES,
  };
}
