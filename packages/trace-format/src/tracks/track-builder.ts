import type { FieldValue, StructureValue } from '../fields/field-value.js';
import { wideOf } from '../fields/wide-integer.js';
import type { TraceClass } from '../metadata/trace-class.js';
import type { TraceEvent } from '../packet/trace-event.js';
import { clockOfStream, nsFromOrigin } from '../stream/clock-time.js';
import type { MergedEvent } from '../stream/merge-events.js';
import type { Track, TrackEvent } from './track-event.js';

/** Endings of the names of events that begin and end something, in pairs. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['entry', 'exit'],
  ['begin', 'end'],
  ['start', 'stop'],
];

/** A track with the slices that are open on it, outermost first. */
interface OpenTrack extends Track {
  readonly open: string[];
}

/**
 * Makes slices and moments of events: of `NAME_entry` and `NAME_exit` (`begin` and `end`, `start` and `stop`) on a
 * thread a slice, of `sched_switch` a slice of its CPU for each thread, of others moments.
 *
 * Events with a thread in their context are on its track, others on that of their CPU. The end of a slice ends
 * those inside of it, an end that nothing began is a moment: pictures want slices to nest.
 */
export class TrackBuilder {
  readonly #tracks = new Map<string, OpenTrack>();
  readonly #onTrack: (track: Track) => void;
  readonly #onEvent: (event: TrackEvent) => void;
  #lastNs = 0n;

  /** @param onTrack - told of each track before its first event */
  constructor(onTrack: (track: Track) => void, onEvent: (event: TrackEvent) => void) {
    this.#onTrack = onTrack;
    this.#onEvent = onEvent;
  }

  /** Takes the next event of a trace, in the order of time. */
  take({ trace, event }: MergedEvent): void {
    const timeNs = timeOf(trace, event);
    this.#lastNs = timeNs;
    const [category, name] = split(event.type.name);
    const details = [
      ...Object.entries({ ...event.streamContext, ...event.context, ...event.fields }),
    ];
    const common = { timeNs, category, details };
    if (name === 'sched_switch' && event.packet.cpuId !== undefined) {
      this.#switch(this.#cpuTrack(event.packet.cpuId), event.fields ?? {}, common);
      return;
    }
    const track = this.#trackOf(event);
    for (const [begin, end] of PAIRS) {
      if (hasWord(name, begin)) {
        const stem = sliceName(name, begin);
        track.open.push(stem);
        this.#onEvent({ ...common, kind: 'begin', track, name: stem });
        return;
      }
      const at = hasWord(name, end) ? track.open.lastIndexOf(sliceName(name, end)) : -1;
      if (at >= 0) {
        this.#close(track, at, common);
        return;
      }
    }
    this.#onEvent({ ...common, kind: 'instant', track, name });
  }

  /** Ends all slices that are open. */
  end(): void {
    const last = { timeNs: this.#lastNs, category: '', details: [] };
    for (const track of this.#tracks.values()) this.#close(track, 0, last);
  }

  /** A CPU goes on with another thread; idling, which has the number 0, is no slice. */
  #switch(
    track: OpenTrack,
    fields: StructureValue,
    common: Pick<TrackEvent, 'timeNs' | 'category' | 'details'>,
  ): void {
    this.#close(track, 0, { ...common, details: [] });
    const tid = wideOf(fields['next_tid'] ?? fields['next_pid']);
    if (tid === 0n) return;
    const comm = fields['next_comm'];
    const name = typeof comm === 'string' && comm !== '' ? comm : `thread ${tid ?? '?'}`;
    track.open.push(name);
    this.#onEvent({ ...common, kind: 'begin', track, name });
  }

  /** Ends slices from the innermost on down to one. */
  #close(
    track: OpenTrack,
    downTo: number,
    common: Pick<TrackEvent, 'timeNs' | 'category' | 'details'>,
  ): void {
    while (track.open.length > downTo) {
      const name = track.open.pop()!;
      const details = track.open.length === downTo ? common.details : [];
      this.#onEvent({ ...common, details, kind: 'end', track, name });
    }
  }

  #trackOf(event: TraceEvent): OpenTrack {
    const context = { ...event.streamContext, ...event.context };
    const tid = wideOf(context['vtid'] ?? context['tid']);
    if (tid === undefined) return this.#cpuTrack(event.packet.cpuId);
    const pid = wideOf(context['vpid'] ?? context['pid']);
    const comm = context['procname'] ?? context['comm'];
    const name = typeof comm === 'string' && comm !== '' ? comm : 'thread';
    return this.#track(`thread ${pid} ${tid}`, {
      name: `${name} ${tid}`,
      group: pid === undefined ? `thread ${tid}` : `process ${pid}`,
      pid: Number(pid ?? tid),
      tid: Number(tid),
    });
  }

  #cpuTrack(cpuId: number | undefined): OpenTrack {
    const name = cpuId === undefined ? 'events' : `CPU ${cpuId}`;
    return this.#track(name, { name, group: 'CPUs', pid: undefined, tid: undefined });
  }

  #track(key: string, description: Omit<Track, 'id'>): OpenTrack {
    let track = this.#tracks.get(key);
    if (track === undefined) {
      track = { id: this.#tracks.size + 1, ...description, open: [] };
      this.#tracks.set(key, track);
      this.#onTrack(track);
    }
    return track;
  }
}

function timeOf(trace: TraceClass, event: TraceEvent): bigint {
  return nsFromOrigin(clockOfStream(trace, event.packet.stream), event.cycles);
}

/** Provider and name of `provider:name`. */
function split(name: string): [string, string] {
  const at = name.indexOf(':');
  return at < 0 ? ['', name] : [name.slice(0, at), name.slice(at + 1)];
}

/** Whether a name has a word of a pair: at its end, or inside as in `syscall_entry_read`. */
function hasWord(name: string, word: string): boolean {
  return name === word || name.endsWith(`_${word}`) || name.includes(`_${word}_`);
}

/** A name without that word. */
function sliceName(name: string, word: string): string {
  if (name === word) return '';
  return name.endsWith(`_${word}`)
    ? name.slice(0, -word.length - 1)
    : name.replace(`_${word}_`, '_');
}

/** A value as text or a number, for what holds nothing else. */
export function plainValue(value: FieldValue): string | number | bigint | undefined {
  if (typeof value !== 'object') return value;
  if ('labels' in value) {
    const { labels, value: number } = value as {
      labels: readonly string[];
      value: number | bigint;
    };
    return labels.length === 0 ? number : labels.join(', ');
  }
  return undefined;
}
