import { Heartbeat } from '../../src/jobs/heartbeat.js';
import type { Crew } from '../../src/units/crew.js';
import { doTask } from '../../src/units/do-task.js';
import { openUnitJob } from '../../src/units/open-unit-job.js';
import type { UnitOrder } from '../../src/units/unit-order.js';
import type { UnitTask, UnitTasks } from '../../src/units/unit-task.js';

/** Does units in this thread, one after the other; everything passes through JSON, as from a file. */
export function localCrew(order: UnitOrder): Crew {
  const heartbeat = new Heartbeat();
  const opened = openUnitJob(order, heartbeat, () => undefined);
  opened.catch(() => undefined);
  async function ask<Name extends keyof UnitTasks>(
    name: Name,
    more: UnitTasks[Name]['ask'],
  ): Promise<UnitTasks[Name]['answer']> {
    const task = { name, heartbeat: heartbeat.buffer, ...more } as UnitTask;
    return JSON.parse(JSON.stringify(doTask(await opened, task))) as UnitTasks[Name]['answer'];
  }
  return {
    plan: (cutting) => ask('plan', { cutting }),
    perform: (_lane, work, before) => ask('perform', { work, before, ticket: 1 }),
    async recall(values) {
      await ask('recall', { values });
    },
    conclude: (values, completeness) => ask('conclude', { values, completeness }),
    countsOf: () => heartbeat.counts,
    drop: () => undefined,
    close: () => Promise.resolve(),
  };
}
