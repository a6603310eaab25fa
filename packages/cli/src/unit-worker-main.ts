/** The threads that do units. */
import { Claims } from '@rseqlab/explorer';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { CommandError } from './command-error.js';
import { Heartbeat } from './jobs/heartbeat.js';
import { doTask } from './units/do-task.js';
import { openUnitJob } from './units/open-unit-job.js';
import type { UnitJob } from './units/unit-job.js';
import type { UnitAnswer, UnitTask } from './units/unit-task.js';
import type { UnitWorkerData } from './units/unit-worker-data.js';

const heartbeat = new Heartbeat();
const { order, claims: memory } = workerData as UnitWorkerData;
const claims = memory && new Claims(memory);
let job: UnitJob | undefined;

/** The pool hands on what is no answer to a task. */
const loaded = (scenario: string): void => parentPort?.postMessage({ loaded: scenario });

/** Answers one task; the pool calls it by its name. */
export async function answerTask(task: UnitTask): Promise<UnitAnswer> {
  heartbeat.moveTo(task.heartbeat);
  heartbeat.thread = threadId;
  try {
    job ??= await openUnitJob(order, heartbeat, loaded, claims);
    if (task.name === 'perform') claims?.begin(task.ticket);
    return { kind: 'done', answer: doTask(job, task) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { message, status, output } = error;
    return { kind: 'refused', message, status, output };
  }
}
