import { scenario } from '@rseqlab/explorer';
import type { Lab, Scenario, ScenarioDefinition } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import type { MachineConfig, Operation, Process, Thread } from '@rseqlab/sim-machine';
import { FRAME_BYTES, FRAME_COMMITTED, frameBytes, frameEvent } from '../../src/ring/frame.js';
import { RingBuffers } from '../../src/ring/ring-buffers.js';
import type { RecordOutcome } from '../../src/ring/ring-buffers.js';
import type { RingGeometry } from '../../src/ring/ring-geometry.js';
import { LOSSES, RingOffset, SubbufOffset, lossOffset } from '../../src/ring/ring-layout.js';
import { RING_VARIANT } from '../../src/ring/ring-variant.js';
import type { RingVariant } from '../../src/ring/ring-variant.js';

/** Two sub-buffers of 32 bytes. */
export const SMALL: RingGeometry = {
  subbufBytes: 32,
  subbufCount: 2,
  mode: 'discard',
  isShared: false,
};

/** Sections that do not look at the clock and are tried once, so that searches stay small. */
export const TIMELESS: RingVariant = { ...RING_VARIANT, clock: 'none', attempts: 1 };

/** A record as it lies in a sub-buffer. */
export interface RawRecord {
  readonly event: number;
  readonly isCommitted: boolean;
  readonly time: number;
  readonly words: readonly number[];
}

/** The records of a stretch of memory. */
function recordsAt(process: Process, address: number, bytes: number): RawRecord[] {
  const records: RawRecord[] = [];
  for (let at = 0; at < bytes;) {
    const word = process.read32(address + at);
    const size = frameBytes(word);
    records.push({
      event: frameEvent(word),
      isCommitted: (word & FRAME_COMMITTED) !== 0,
      time: process.read32(address + at + 4) >>> 0,
      words: Array.from({ length: (size - FRAME_BYTES) / 4 }, (_, n) =>
        process.read32(address + at + FRAME_BYTES + 4 * n),
      ),
    });
    at += Math.max(size, 4);
  }
  return records;
}

/**
 * What is in a ring that nobody writes to: the records from what was consumed on, and what was lost.
 *
 * @param newest at most so many sub-buffers
 */
export function ringContent(
  buffers: RingBuffers,
  cpu: number,
  newest = Infinity,
): { readonly records: RawRecord[]; readonly lost: number; readonly isCommitted: boolean } {
  const { process, layout } = buffers;
  const { subbufBytes } = layout.geometry;
  const ring = buffers.ringOf(cpu);
  const offset = process.read32(ring + RingOffset.offset);
  const records: RawRecord[] = [];
  let isCommitted = true;
  const consumed = Math.max(
    process.read32(ring + RingOffset.consumed),
    Math.ceil(offset / subbufBytes - newest) * subbufBytes,
  );
  for (let start = consumed; ((offset - start) | 0) > 0; start = (start + subbufBytes) | 0) {
    const place = layout.placeOf(start);
    const isTable = layout.geometry.mode === 'overwrite';
    const physical = isTable ? process.read32(ring + RingOffset.table + 4 * place) : place;
    const record = ring + layout.recordOf(physical);
    const field = (name: keyof typeof SubbufOffset): number =>
      process.read32(record + SubbufOffset[name]);
    const isClosed = ((offset - start) | 0) >= subbufBytes;
    const end = isClosed ? field('contentEnd') : offset;
    const committed = (field('bySection') + field('byAtomic') - field('base')) | 0;
    if (committed !== ((end - start) | 0)) isCommitted = false;
    records.push(...recordsAt(process, ring + layout.dataOf(physical), (end - start) | 0));
  }
  const lost = LOSSES.reduce((sum, loss) => sum + process.read32(ring + lossOffset(loss)), 0);
  return { records, lost, isCommitted };
}

/** Threads that record. */
export interface Recording {
  readonly machine?: MachineConfig;
  readonly geometry?: RingGeometry;
  readonly variant?: RingVariant;
  /** Offset at which the rings begin; default 0. */
  readonly from?: number;
  /** What each thread does; default it records one event with its number. */
  readonly threads?: readonly ((
    t: Thread,
    buffers: RingBuffers,
    thread: number,
  ) => Operation<unknown>)[];
  readonly cpus?: readonly number[];
  readonly events?: NonNullable<ScenarioDefinition<unknown>['events']>;
  readonly interchangeable?: NonNullable<ScenarioDefinition<unknown>['interchangeable']>;
  readonly check?: (buffers: RingBuffers, lab: Lab) => void;
}

/** Records one event with the thread's number. */
export function* recordOnce(
  t: Thread,
  buffers: RingBuffers,
  thread: number,
): Operation<RecordOutcome> {
  return yield* buffers.record(t, thread, [100 + thread]);
}

/** Threads record; in the end every record is whole and there once, and what is missing was lost. */
export function recording(options: Recording = {}): Scenario {
  const { geometry = SMALL, variant = TIMELESS, from = 0 } = options;
  const { threads = [recordOnce, recordOnce] } = options;
  return scenario({
    name: 'recording into rings',
    machine: {
      cpus: 2,
      maxThreads: threads.length,
      maxProcesses: 1,
      kernel: [rseq()],
      ...options.machine,
    },
    ...(options.events && { events: options.events }),
    ...(options.interchangeable && { interchangeable: options.interchangeable }),
    setup(lab) {
      const buffers = RingBuffers.create(lab.machine, lab.process, geometry, variant);
      for (const cpu of buffers.cpus) {
        lab.process.write32(buffers.ringOf(cpu) + RingOffset.offset, from);
        lab.process.write32(buffers.ringOf(cpu) + RingOffset.consumed, from);
      }
      for (const [n, body] of threads.entries())
        lab.spawn(
          function* producer(t) {
            yield* body(t, buffers, n);
          },
          options.cpus?.[n] === undefined ? {} : { cpu: options.cpus[n] },
        );
      return buffers;
    },
    check(buffers, lab) {
      if (options.check === undefined) checkRings(buffers, lab, threads.length);
      else options.check(buffers, lab);
    },
  });
}

/** States that rings hold so many records less those lost, each whole. */
function checkRings(buffers: RingBuffers, lab: Lab, emitted: number): void {
  let recorded = 0;
  let lost = 0;
  const seen = new Set<number>();
  for (const cpu of buffers.cpus) {
    const content = ringContent(buffers, cpu);
    recorded += content.records.length;
    lost += content.lost;
    lab.expect(content.isCommitted, `ring ${cpu} to be committed`);
    for (const { event, isCommitted, words } of content.records) {
      lab.expect(isCommitted, `event ${event} to be whole`);
      lab.expectEqual(words[0], 100 + event, `payload of event ${event}`);
      lab.expect(!seen.has(event), `event ${event} to be there once`);
      seen.add(event);
    }
  }
  lab.expectEqual(recorded + lost, emitted, 'recorded and lost events');
}
