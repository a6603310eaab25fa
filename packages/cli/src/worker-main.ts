/** The thread that scenarios run in, so that one that never yields can be stopped. */
import { parentPort, workerData } from 'node:worker_threads';
import { CommandError } from './command-error.js';
import type { DebugWorkerAnswer } from './debug/debug-worker-message.js';
import type { DebugJob } from './debug/debugger.js';
import { localDebugger } from './debug/local-debugger.js';
import { Heartbeat } from './jobs/heartbeat.js';
import type { Job } from './jobs/job.js';
import { performJob } from './jobs/perform-job.js';
import type { WorkerAnswer, WorkerOrder } from './jobs/worker-message.js';

const say = (answer: WorkerAnswer | DebugWorkerAnswer): void => parentPort?.postMessage(answer);

const loaded = (scenario: string): void => say({ kind: 'loaded', scenario });

async function answer(job: Job, heartbeat: Heartbeat): Promise<WorkerAnswer> {
  return { kind: 'result', result: await performJob(job, heartbeat, loaded) };
}

/** Opens a debugger, which then answers every message by one. */
async function open(
  job: DebugJob,
  heartbeat: Heartbeat,
  interrupts: SharedArrayBuffer | undefined,
): Promise<DebugWorkerAnswer> {
  const word = interrupts && new Int32Array(interrupts);
  const { greeting, commands, execute } = await localDebugger(job, heartbeat, loaded, word);
  parentPort?.on('message', (line: string) => void execute(line).then(say, rethrow));
  return { kind: 'opened', greeting, commands };
}

/** A defect ends the worker, which the other side reports. */
function rethrow(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

async function main({ job, heartbeat, interrupts }: WorkerOrder): Promise<void> {
  const beats = new Heartbeat(heartbeat);
  try {
    say(await (job.command === 'debug' ? open(job, beats, interrupts) : answer(job, beats)));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    say({ kind: 'refused', message: error.message, status: error.status });
  }
}

await main(workerData as WorkerOrder);
