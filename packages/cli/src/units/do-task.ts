import type { UnitJob } from './unit-job.js';
import type { UnitTask, UnitTasks } from './unit-task.js';

/** Does what a worker is asked. */
export function doTask(job: UnitJob, task: UnitTask): UnitTasks[keyof UnitTasks]['answer'] {
  switch (task.name) {
    case 'open':
      return null;
    case 'plan':
      return job.plan(task.cutting);
    case 'perform':
      return job.perform(task.work, task.before);
    case 'recall':
      job.recall?.(task.values);
      return null;
    case 'conclude':
      return job.conclude(task.values, task.completeness);
  }
}
