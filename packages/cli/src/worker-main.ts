/** The thread that scenarios run in, so that one that never yields can be stopped. */
import { parentPort, workerData } from 'node:worker_threads';
import { CommandError } from './command-error.js';
import { Heartbeat } from './jobs/heartbeat.js';
import { performJob } from './jobs/perform-job.js';
import type { WorkerAnswer, WorkerOrder } from './jobs/worker-message.js';

const say = (answer: WorkerAnswer): void => parentPort?.postMessage(answer);

async function answer({ job, heartbeat }: WorkerOrder): Promise<WorkerAnswer> {
  try {
    const loaded = (scenario: string): void => say({ kind: 'loaded', scenario });
    return { kind: 'result', result: await performJob(job, new Heartbeat(heartbeat), loaded) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { kind: 'refused', message: error.message, status: error.status };
  }
}

say(await answer(workerData as WorkerOrder));
