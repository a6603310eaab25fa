/** The threads that do units. */
import { Claims } from '@rseqlab/explorer';
import { parentPort, threadId } from 'node:worker_threads';
import { CommandError } from './command-error.js';
import { Heartbeat } from './jobs/heartbeat.js';
import { orderOf } from './units/assignment.js';
import type { Assignment } from './units/assignment.js';
import { doTask } from './units/do-task.js';
import { openUnitJob } from './units/open-unit-job.js';
import type { UnitJob } from './units/unit-job.js';
import type { UnitAnswer, UnitTask } from './units/unit-task.js';

const heartbeat = new Heartbeat();

/** An order that this thread does units of. */
interface OpenOrder {
  readonly number: number;
  readonly claims: Claims | undefined;
  readonly job: UnitJob;
}

let current: OpenOrder | undefined;

/** The pool hands on what is no answer to a task. */
const loaded = (scenario: string): void => parentPort?.postMessage({ loaded: scenario });

/** What a task is about; whatever this thread had to do with another order is over. */
async function open(assignment: Assignment): Promise<OpenOrder> {
  const { number, claims: memory } = assignment;
  if (current?.number === number) return current;
  current = undefined;
  const claims = memory && new Claims(memory);
  const job = await openUnitJob(orderOf(assignment), heartbeat, loaded, claims);
  return (current = { number, claims, job });
}

/** Answers one task; the pool calls it by its name. */
export async function answerTask(task: UnitTask): Promise<UnitAnswer> {
  heartbeat.moveTo(task.heartbeat);
  heartbeat.thread = threadId;
  try {
    const { claims, job } = await open(task.assignment);
    if (task.name === 'perform') claims?.begin(task.ticket);
    return { kind: 'done', answer: doTask(job, task) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { message, status, output } = error;
    return { kind: 'refused', message, status, output };
  }
}
