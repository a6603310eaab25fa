import { Worker } from 'node:worker_threads';
import { CommandError } from '../command-error.js';
import { ExitStatus } from '../exit-status.js';
import { Heartbeat } from './heartbeat.js';
import type { Job, JobResult, JobWatch } from './job.js';
import { outOfMemoryError } from './out-of-memory.js';
import { startWatchdog } from './watchdog.js';
import { stuckError, subjectOf } from './stuck-worker.js';
import type { WorkerAnswer, WorkerOrder } from './worker-message.js';

/**
 * Does a job in a thread of its own, and stops it when it makes no progress or Ctrl-C is pressed.
 *
 * @throws CommandError when the job is refused, stuck, interrupted or out of memory
 */
export async function isolatedJob(job: Job, { watchdogMs }: JobWatch): Promise<JobResult> {
  const heartbeat = new Heartbeat();
  const order: WorkerOrder = { job, heartbeat: heartbeat.buffer };
  const worker = new Worker(new URL('./worker-main.js', import.meta.url), { workerData: order });
  const ending = new AbortController();
  let scenario: string | undefined;
  worker.on('message', (answer: WorkerAnswer) => {
    if (answer.kind === 'loaded') ({ scenario } = answer);
  });
  const watchdog = startWatchdog(heartbeat, watchdogMs, () =>
    stuckError(job, heartbeat.phase, watchdogMs, scenario),
  );
  try {
    return await Promise.race([answered(worker, job), watchdog.stuck, interrupted(ending.signal)]);
  } finally {
    watchdog.end();
    ending.abort();
    await worker.terminate();
  }
}

function answered(worker: Worker, job: Job): Promise<JobResult> {
  return new Promise((resolve, reject) => {
    worker.on('message', (answer: WorkerAnswer) => {
      if (answer.kind === 'result') resolve(answer.result);
      else if (answer.kind === 'refused') reject(new CommandError(answer.message, answer.status));
    });
    worker.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemoryError() : error);
    });
    worker.once('exit', (status) => {
      const what = `expected the scenario not to end the process, got exit(${status})`;
      reject(new CommandError(`${subjectOf(job)}: ${what}`));
    });
  });
}

function interrupted(ended: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(new CommandError('interrupted', ExitStatus.Interrupted));
    process.once('SIGINT', stop);
    ended.addEventListener('abort', () => process.off('SIGINT', stop));
  });
}
