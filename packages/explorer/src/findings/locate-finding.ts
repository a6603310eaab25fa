import type { Finding } from '../finding.js';
import type { TraceRow } from '../trace/run-trace.js';
import type { SourceFrame } from '../trace/source-frame.js';
import type { FindingPlace } from './finding-place.js';

/** What a recording knows of a run. */
export interface Recording {
  /** What happened so far, in order. */
  readonly rows: readonly TraceRow[];
  /** The line that a thread is at. */
  source(thread: number): SourceFrame | undefined;
  /** How a source file is written. */
  nameFile(file: string): string;
}

/** Adds the instructions and the lines of the program to the places of a finding. */
export function locateFinding(finding: Finding, recording: Recording): Finding {
  const { places, waits } = finding;
  return {
    ...finding,
    ...(places && { places: places.map((place) => locate(place, recording)) }),
    ...(waits && {
      waits: waits.map((wait) => {
        const source = recording.source(wait.thread);
        return source === undefined ? wait : { ...wait, source };
      }),
    }),
  };
}

function locate(place: FindingPlace, { rows, nameFile }: Recording): FindingPlace {
  if (place.source !== undefined)
    return { ...place, source: { ...place.source, file: nameFile(place.source.file) } };
  const row = rows
    .filter(({ index, thread }) => thread === place.thread && index !== undefined)
    .filter(({ index }) => index! <= place.decision)
    .at(-1);
  if (row === undefined) return place;
  const { text, source } = row;
  return { ...place, ...(text !== '' && { instruction: text }), ...(source && { source }) };
}
