import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';
import type { Job, JobResult } from '../jobs/job.js';

const DEFAULT_WATCHDOG_MS = 10_000;

/** Name of the environment variable that sets how long a scenario may make no progress. */
const WATCHDOG = 'RSEQLAB_WATCHDOG_MS';

/** Runs a job with progress on the screen, and prints what it says. Returns its exit status. */
export async function runWatched(job: Job, io: CommandIo, what: string): Promise<number> {
  const watchdogMs = watchdogOf(io);
  const progress = io.startProgress(what);
  let result: JobResult;
  try {
    result = await io.runJob(job, { watchdogMs });
  } finally {
    progress.stop();
  }
  io.out(result.output);
  return result.status;
}

/** How long a scenario may make no progress, in milliseconds. */
export function watchdogOf({ environment }: CommandIo): number {
  const text = environment[WATCHDOG];
  if (text === undefined || text === '') return DEFAULT_WATCHDOG_MS;
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1))
    throw new CommandError(
      `expected ${WATCHDOG} to be a positive number of milliseconds, got '${text}'`,
    );
  return value;
}
