import type { FieldValue } from '../fields/field-value.js';

/** A row of a picture of a trace: a thread, or a CPU. */
export interface Track {
  /** From 1; tells tracks apart. */
  readonly id: number;
  readonly name: string;
  /** What it is listed under: the CPUs, its process, or itself where no event tells its process. */
  readonly group: string;
  /** The process of a thread, or its own number where no event tells it; of a CPU undefined. */
  readonly pid: number | undefined;
  readonly tid: number | undefined;
}

/** Something on a track: the beginning or end of a slice, or a moment. Slices of a track nest strictly. */
export interface TrackEvent {
  readonly kind: 'begin' | 'end' | 'instant';
  readonly track: Track;
  /** Nanoseconds from the origin of the clock. */
  readonly timeNs: bigint;
  readonly name: string;
  /** Provider of the event: what is in front of the colon of its name. */
  readonly category: string;
  /** What the event had recorded. */
  readonly details: readonly (readonly [string, FieldValue])[];
}
