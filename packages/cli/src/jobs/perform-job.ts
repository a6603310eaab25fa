import { decodeToken } from '@rseqlab/sim-machine';
import { asCommandError } from './failure.js';
import { JobPhase } from './heartbeat.js';
import type { Heartbeat } from './heartbeat.js';
import type { Job, JobResult } from './job.js';
import { replayJob } from './replay-job.js';
import { runJob } from './run-job.js';
import { loadScenario } from './scenario-file.js';
import { keepStackFrames } from './stack-frames.js';

/**
 * Does a job, here and now.
 *
 * @param onLoaded - told the scenario's name before anything of it runs
 * @throws CommandError with what was wrong with the file, the scenario or the token
 */
export async function performJob(
  job: Job,
  heartbeat: Heartbeat,
  onLoaded?: (name: string) => void,
): Promise<JobResult> {
  keepStackFrames();
  heartbeat.enter(JobPhase.Loading);
  let file = job.file ?? '';
  try {
    if (job.command === 'replay') {
      const record = decodeToken(job.token);
      file = job.file ?? record.scenario;
      const loaded = await loadScenario(file, job.folder);
      onLoaded?.(loaded.scenario.name);
      return replayJob(loaded, record, job, heartbeat);
    }
    const loaded = await loadScenario(file, job.folder);
    onLoaded?.(loaded.scenario.name);
    return runJob(loaded, job, heartbeat);
  } catch (error) {
    throw asCommandError(error, file, job);
  }
}
