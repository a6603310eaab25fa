import { Claims } from '@rseqlab/explorer';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { CommandError } from '../command-error.js';
import { outOfMemoryError } from '../jobs/out-of-memory.js';
import { NO_COUNTS } from '../jobs/job.js';
import { stuckError } from '../jobs/stuck-worker.js';
import { WorkerLost } from './crew.js';
import type { Crew, CrewOptions } from './crew.js';
import { Lane } from './lane.js';
import { claimsStates, subjectOfOrder } from './unit-order.js';
import type { UnitOrder } from './unit-order.js';
import type { UnitAnswer, UnitTask, UnitTasks } from './unit-task.js';
import type { UnitWorkerData } from './unit-worker-data.js';

/** How often workers are looked at, in milliseconds. */
const LOOK_MS = 100;

const WORKER = fileURLToPath(new URL('./unit-worker-main.js', import.meta.url));

/** What the pool says of a worker that ended itself. */
const EXITED = /^worker exited with code: (.*)$/;

/**
 * Sets up threads that do the units of an order; each opens what the order is about for itself, as soon as it is there,
 * so that all are ready when the first of them has cut the work into units.
 */
export function poolCrew(order: UnitOrder, { workers, watchdogMs }: CrewOptions): Crew {
  const memory = claimsStates(order) ? Claims.memory() : undefined;
  const claims = memory && new Claims(memory);
  const workerData: UnitWorkerData = { order, claims: memory };
  const pool = new Piscina({
    filename: WORKER,
    name: 'answerTask',
    minThreads: workers,
    maxThreads: workers,
    workerData,
    recordTiming: false,
  });
  const lanes = Array.from({ length: workers }, () => new Lane());
  let scenario: string | undefined;
  pool.on('message', ({ loaded }: { readonly loaded: string }) => {
    scenario = loaded;
  });
  const subject = subjectOfOrder(order);
  let units = new AbortController();
  const looking = setInterval(() => {
    for (const lane of lanes)
      lane.look(watchdogMs, ({ phase, thread }) =>
        stuckError(subject, phase, watchdogMs, scenario, thread),
      );
  }, LOOK_MS);

  async function tell<Name extends keyof UnitTasks>(
    name: Name,
    lane: Lane,
    more: UnitTasks[Name]['ask'],
    signal?: AbortSignal,
  ): Promise<UnitTasks[Name]['answer']> {
    lane.heartbeat.report(NO_COUNTS);
    const task = { name, heartbeat: lane.heartbeat.buffer, ...more } as UnitTask;
    const said = (pool.run(task, signal && { signal }) as Promise<UnitAnswer>).catch(
      (error: unknown) => {
        throw lossOf(error);
      },
    );
    const answer = await lane.watch(said);
    if (answer.kind === 'refused') {
      const { message, status, output } = answer;
      throw new CommandError(message, status, { output });
    }
    return answer.answer;
  }

  /** By lane: its being opened, until whoever asks it for something first has been told how that went. */
  const openings = lanes.map((lane): Promise<null> | undefined => tell('open', lane, {}));
  for (const opening of openings) opening?.catch(() => undefined);

  async function ask<Name extends keyof UnitTasks>(
    name: Name,
    lane: number,
    more: UnitTasks[Name]['ask'],
    signal?: AbortSignal,
  ): Promise<UnitTasks[Name]['answer']> {
    const opening = openings[lane];
    openings[lane] = undefined;
    await opening;
    return tell(name, lanes[lane]!, more, signal);
  }

  let tickets = 0;
  return {
    plan: (cutting) => ask('plan', 0, { cutting }),
    async perform(lane, work, before) {
      const ticket = ++tickets;
      try {
        return await ask('perform', lane, { work, before, ticket }, units.signal);
      } catch (error) {
        if (error instanceof WorkerLost) claims?.revoke(ticket);
        throw error;
      }
    },
    async recall(values) {
      if (claims !== undefined) await ask('recall', 0, { values });
    },
    conclude: (values, completeness) => ask('conclude', 0, { values, completeness }),
    countsOf: (lane) => lanes[lane]!.heartbeat.counts,
    drop() {
      units.abort();
      units = new AbortController();
    },
    async close() {
      clearInterval(looking);
      await pool.destroy();
    },
  };
}

/** What a rejection of the pool means; a defect stays what it is. */
function lossOf(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return outOfMemoryError();
  const status = EXITED.exec(message)?.[1];
  return status === undefined ? error : new WorkerLost(`exit(${status})`, { cause: error });
}
