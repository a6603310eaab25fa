/** The JSON that the command puts into the page, written piece by piece while a trace is read. */
export interface PageData {
  /** Nanoseconds of the first event from the origin of its clock, in decimal. */
  readonly originNs: string;
  readonly items: readonly PageItem[];
  /** Events behind those in the page, that had no place in it. */
  readonly leftOut: number;
}

export type PageItem = PageTrack | PageEvent;

/** A row, and what it is listed under. */
export type PageTrack = readonly ['t', id: number, name: string, group: string];

/** The beginning or end of a slice, or a moment, in the order of time. */
export type PageEvent =
  | readonly [kind: 'E', track: number, ns: number]
  | readonly [
      kind: 'B' | 'i',
      track: number,
      /** Nanoseconds from the first event. */
      ns: number,
      name: string,
      category: string,
      details?: Readonly<Record<string, unknown>> | null,
    ];
