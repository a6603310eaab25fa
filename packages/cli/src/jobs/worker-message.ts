import type { ExitStatus } from '../exit-status.js';
import type { DebugJob } from '../debug/debugger.js';
import type { Job, JobResult } from './job.js';

/** What a worker is started with. */
export interface WorkerOrder {
  readonly job: Job | DebugJob;
  /** The memory of a Heartbeat. */
  readonly heartbeat: SharedArrayBuffer;
  /** One word; 1 interrupts the line that a debugger is at. */
  readonly interrupts?: SharedArrayBuffer;
}

/** What a worker says: perhaps that the scenario is loaded, then its answer, once. */
export type WorkerAnswer =
  | { readonly kind: 'loaded'; readonly scenario: string }
  | { readonly kind: 'result'; readonly result: JobResult }
  /** Bad use; one line. */
  | { readonly kind: 'refused'; readonly message: string; readonly status: ExitStatus };
