import { Claims } from '@rseqlab/explorer';
import { CommandError } from '../command-error.js';
import { outOfMemoryError } from '../jobs/out-of-memory.js';
import { NO_COUNTS } from '../jobs/job.js';
import { stuckError } from '../jobs/stuck-worker.js';
import { assignmentOf } from './assignment.js';
import type { Assignment } from './assignment.js';
import { WorkerLost } from './crew.js';
import type { Crew, CrewOpener, CrewOptions } from './crew.js';
import { Lane } from './lane.js';
import { claimsStates, subjectOfOrder } from './unit-order.js';
import type { ThreadPools } from './thread-pools.js';
import type { UnitOrder } from './unit-order.js';
import type { UnitAnswer, UnitTask, UnitTasks } from './unit-task.js';

/** How often workers are looked at, in milliseconds. */
const LOOK_MS = 100;

/** What the pool says of a worker that ended itself. */
const EXITED = /^worker exited with code: (.*)$/;

/** Sets up crews, one after the other or at the same time, of threads that are kept. */
export function poolCrews(pools: ThreadPools): CrewOpener {
  let orders = 0;
  return (order, options) => poolCrew(pools, ++orders, order, options);
}

/**
 * Lets threads do the units of an order; each opens what the order is about for itself, as soon as it is there,
 * so that all are ready when the first of them has cut the work into units.
 */
function poolCrew(
  pools: ThreadPools,
  number: number,
  order: UnitOrder,
  { workers, watchdogMs }: CrewOptions,
): Crew {
  const memory = claimsStates(order) ? Claims.memory() : undefined;
  const claims = memory && new Claims(memory);
  const assignment: Assignment = assignmentOf(number, order, memory);
  const pool = pools.take(workers);
  const lanes = Array.from({ length: workers }, () => new Lane());
  let scenario: string | undefined;
  const hear = ({ loaded }: { readonly loaded: string }): void => {
    scenario = loaded;
  };
  pool.on('message', hear);
  /** Tasks that were not answered. */
  let asked = 0;
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
    const task = { name, assignment, heartbeat: lane.heartbeat.buffer, ...more } as UnitTask;
    asked += 1;
    const said = (pool.run(task, signal && { signal }) as Promise<UnitAnswer>)
      .catch((error: unknown) => {
        throw lossOf(error);
      })
      .finally(() => {
        asked -= 1;
      });
    const answer = await lane.watch(said);
    if (answer.kind === 'refused') {
      const { message, status, output } = answer;
      throw new CommandError(message, status, { output });
    }
    return answer.answer;
  }

  /** How many wait for an answer, or for the lane that is to give it. */
  let waiting = 0;
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
    waiting += 1;
    try {
      await opening;
      return await tell(name, lanes[lane]!, more, signal);
    } finally {
      waiting -= 1;
    }
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
      // Where others were done before this lane had opened anything, its thread is to be kept as well.
      if (waiting === 0)
        await Promise.allSettled(openings.filter((opening) => opening !== undefined));
      clearInterval(looking);
      pool.off('message', hear);
      if (asked === 0) pools.giveBack(pool);
      else await pools.end(pool);
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
