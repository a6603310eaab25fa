import type { TraceClass } from '../metadata/trace-class.js';
import type { TraceEvent } from '../packet/trace-event.js';
import { TraceFormatError } from '../trace-format-error.js';
import { clockOfStream } from './clock-time.js';
import type { DataStream } from './data-stream.js';
import { EventCursor } from './event-cursor.js';
import type { PacketListener } from './event-cursor.js';

/** A trace with its streams, as far as merging needs it. */
export interface MergedTrace {
  readonly trace: TraceClass;
  readonly streams: readonly DataStream[];
}

/** What is told while events are merged. */
export interface MergeListener {
  /** Called with every packet, before its events. */
  readonly packet?: PacketListener;
  /** Called with what ends a stream early; the others go on. Without it, it is thrown. */
  readonly broken?: (error: TraceFormatError) => void;
}

/** An event and the trace that it is of. */
export interface MergedEvent {
  readonly trace: TraceClass;
  readonly event: TraceEvent;
}

/**
 * The events of all streams of traces in the order of time.
 *
 * Events of the same time come in the order of their traces' uuid, stream ids, stream instances and event
 * ids, as babeltrace2 has them. One packet of each stream is in memory at a time.
 *
 * @throws TraceFormatError what ends a stream early, unless `broken` takes it
 */
export function* mergeEvents(
  traces: readonly MergedTrace[],
  listener: MergeListener = {},
): Generator<MergedEvent, void, undefined> {
  const inCycles = haveOneClock(traces);
  const heap: EventCursor[] = [];
  const advance = (cursor: EventCursor): void => {
    try {
      cursor.advance();
    } catch (error) {
      if (!(error instanceof TraceFormatError) || listener.broken === undefined) throw error;
      listener.broken(error);
    }
  };
  for (const { trace, streams } of traces)
    for (const stream of streams) {
      const cursor = new EventCursor(trace, stream, inCycles, listener.packet);
      advance(cursor);
      if (cursor.event !== undefined) heap.push(cursor);
    }
  for (let n = (heap.length >> 1) - 1; n >= 0; n--) sink(heap, n);
  for (let first = heap[0]; first !== undefined; first = heap[0]) {
    yield { trace: first.trace, event: first.event! };
    advance(first);
    if (first.event === undefined) {
      const last = heap.pop()!;
      if (last === first) return;
      heap[0] = last;
    }
    sink(heap, 0);
  }
}

/** Whether the times of all streams can be compared as they are. */
function haveOneClock(traces: readonly MergedTrace[]): boolean {
  const clocks = new Set(
    traces.flatMap(({ trace, streams }) =>
      streams.map(({ type }) => type && clockOfStream(trace, type)),
    ),
  );
  return clocks.size <= 1;
}

/** Puts a cursor of the heap below all that come before it. */
function sink(heap: EventCursor[], at: number): void {
  const cursor = heap[at]!;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && comesBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (!comesBefore(heap[child]!, cursor)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = cursor;
}

function comesBefore(a: EventCursor, b: EventCursor): boolean {
  if (a.timeHigh !== b.timeHigh) return a.timeHigh < b.timeHigh;
  if (a.timeLow !== b.timeLow) return a.timeLow < b.timeLow;
  const [left, right] = [a.event!, b.event!];
  const [leftUuid, rightUuid] = [a.trace.uuid ?? '~', b.trace.uuid ?? '~'];
  if (leftUuid !== rightUuid) return leftUuid < rightUuid;
  const [leftStream, rightStream] = [left.packet.stream.id, right.packet.stream.id];
  if (leftStream !== rightStream) return leftStream < rightStream;
  if (a.instance !== b.instance) return a.instance < b.instance;
  return left.type.id < right.type.id;
}
