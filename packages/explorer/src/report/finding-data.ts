import type { Finding } from '../finding.js';
import type {
  CpuPlace,
  PointOfNoReturn,
  RunTrace,
  ThreadPlace,
  TraceRow,
} from '../trace/run-trace.js';

/** What was found, with the schedule that leads there, as plain data. */
export interface FindingData extends Finding {
  /** Kernel events in the schedule. */
  readonly kernelEvents: number;
  /** From where on it could not but be found, where that was looked for. */
  readonly pointOfNoReturn?: PointOfNoReturn;
  /** Where every CPU was when it was found. */
  readonly cpus: readonly CpuPlace[];
  /** Where every thread was. */
  readonly threads: readonly ThreadPlace[];
  /** Everything that happened, in order. */
  readonly schedule: readonly TraceRow[];
}

/** The finding of a run as plain data, fit for JSON; undefined when nothing was found. */
export function findingData(trace: RunTrace): FindingData | undefined {
  if (trace.finding === undefined) return undefined;
  return {
    ...trace.finding,
    kernelEvents: trace.kernelEvents,
    ...(trace.pointOfNoReturn && { pointOfNoReturn: trace.pointOfNoReturn }),
    cpus: trace.cpuPlaces,
    threads: trace.threadPlaces,
    schedule: trace.rows,
  };
}
