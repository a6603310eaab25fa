import { Worker } from 'node:worker_threads';
import { CommandError } from '../command-error.js';
import { Heartbeat } from '../jobs/heartbeat.js';
import { startWatchdog } from '../jobs/watchdog.js';
import { stuckError, subjectOf } from '../jobs/stuck-worker.js';
import type { WorkerOrder } from '../jobs/worker-message.js';
import type { DebugJob, Debugger } from './debugger.js';
import type { DebugWorkerAnswer } from './debug-worker-message.js';

/**
 * Opens a debugger in a thread of its own, so that a scenario that never yields can be ended.
 *
 * @throws CommandError when the debugger is refused, or a line makes no progress
 */
export async function isolatedDebugger(job: DebugJob, watchdogMs: number): Promise<Debugger> {
  const heartbeat = new Heartbeat();
  const interrupts = new Int32Array(new SharedArrayBuffer(4));
  const order: WorkerOrder = {
    job,
    heartbeat: heartbeat.buffer,
    interrupts: interrupts.buffer,
  };
  // The built entries lie side by side, and this is part of one of them.
  const worker = new Worker(new URL('./worker-main.js', import.meta.url), { workerData: order });
  let scenario: string | undefined;
  const next = async (): Promise<DebugWorkerAnswer> => {
    const watch = startWatchdog(heartbeat, watchdogMs, () =>
      stuckError(job, heartbeat.phase, watchdogMs, scenario),
    );
    try {
      return await Promise.race([
        nextAnswer(worker, job, (name) => (scenario = name)),
        watch.stuck,
      ]);
    } catch (error) {
      await worker.terminate();
      throw error;
    } finally {
      watch.end();
    }
  };
  const opened = await next();
  if (opened.kind !== 'opened') {
    await worker.terminate();
    if (opened.kind === 'refused') throw new CommandError(opened.message, opened.status);
    throw new Error(`rseqlab bug: a debugger that opens with ${opened.kind}`);
  }
  return {
    greeting: opened.greeting,
    commands: opened.commands,
    async execute(line) {
      heartbeat.beat();
      Atomics.store(interrupts, 0, 0);
      worker.postMessage(line);
      const answer = await next();
      if (answer.kind === 'opened') throw new Error('rseqlab bug: a debugger that opens twice');
      return answer;
    },
    interrupt() {
      Atomics.store(interrupts, 0, 1);
    },
    async close() {
      await worker.terminate();
    },
  };
}

function nextAnswer(
  worker: Worker,
  job: DebugJob,
  onLoaded: (scenario: string) => void,
): Promise<DebugWorkerAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
    };
    const onMessage = (answer: DebugWorkerAnswer | { kind: 'loaded'; scenario: string }): void => {
      if (answer.kind === 'loaded') {
        onLoaded(answer.scenario);
        return;
      }
      settle();
      resolve(answer);
    };
    const onError = (error: Error): void => {
      settle();
      reject(error);
    };
    const onExit = (status: number): void => {
      settle();
      const what = `expected the scenario not to end the process, got exit(${status})`;
      reject(new CommandError(`${subjectOf(job)}: ${what}`));
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}
