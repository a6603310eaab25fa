import { jsonValue } from './json-value.js';
import type { Track, TrackEvent } from './track-event.js';

const PHASES = { begin: 'B', end: 'E', instant: 'i' } as const;

/** The process that CPUs are in, which no process has. */
const CPUS_PID = 0;

/**
 * Writes tracks and their events as JSON of Chrome's Trace Event Format.
 *
 * Times are in microseconds from the first event on, so that nanoseconds are not lost in their size.
 *
 * @source Trace Event Format, "JSON Object Format"
 */
export class ChromeWriter {
  #originNs: bigint | undefined;
  #isFirst = true;

  /** What the file begins with. */
  begin(): string {
    return '{"displayTimeUnit":"ns","traceEvents":[';
  }

  /** What names a track. */
  track({ id, name, group, pid, tid }: Track): string {
    const place = placeOf({ id, pid, tid });
    return (
      this.#item({ ph: 'M', name: 'process_name', ...place, args: { name: group } }) +
      this.#item({ ph: 'M', name: 'thread_name', ...place, args: { name } })
    );
  }

  /** An event. */
  event({ kind, track, timeNs, name, category, details }: TrackEvent): string {
    this.#originNs ??= timeNs;
    const ns = timeNs - this.#originNs;
    return this.#item({
      ph: PHASES[kind],
      name: name === '' ? category : name,
      ...(category !== '' && { cat: category }),
      ts: Number(`${ns / 1000n}.${String(ns % 1000n).padStart(3, '0')}`),
      ...placeOf(track),
      ...(kind === 'instant' && { s: 't' }),
      ...(details.length > 0 && { args: Object.fromEntries(details) }),
    });
  }

  /** What the file ends with. */
  end(): string {
    return `\n],"otherData":{"originNs":"${this.#originNs ?? 0n}"}}\n`;
  }

  #item(item: Readonly<Record<string, unknown>>): string {
    const lead = this.#isFirst ? '\n' : ',\n';
    this.#isFirst = false;
    return lead + JSON.stringify(item, jsonValue);
  }
}

function placeOf({ id, pid, tid }: Pick<Track, 'id' | 'pid' | 'tid'>): {
  pid: number;
  tid: number;
} {
  return { pid: pid ?? CPUS_PID, tid: tid ?? id };
}
