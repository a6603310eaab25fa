import { findingData, findingReport, plural, recordRun } from '@rseqlab/explorer';
import { checkFingerprint } from '@rseqlab/sim-machine';
import type { ReplayRecord } from '@rseqlab/sim-machine';
import { ExitStatus } from '../exit-status.js';
import { terminalPaint } from '../terminal-paint.js';
import type { Heartbeat } from './heartbeat.js';
import type { JobResult, ReplayJob } from './job.js';
import { jsonText } from './json-text.js';
import { machineOverrides } from './machine-overrides.js';
import type { ScenarioFile } from './scenario-file.js';
import { identify } from './scenario-identity.js';
import { showPath } from './source-position.js';
import { watchedScenario } from './watched-scenario.js';

/**
 * Makes a recorded run again and shows it.
 *
 * @throws MachineError `ERR_TOKEN` when the record is of another scenario or configuration
 */
export function replayJob(
  loaded: ScenarioFile,
  record: ReplayRecord,
  job: ReplayJob,
  heartbeat: Heartbeat,
): JobResult {
  const scenario = watchedScenario(loaded.scenario, heartbeat);
  checkFingerprint(record, identify({ ...loaded, scenario }, job).fingerprint);
  const nameFile = (file: string): string => showPath(file, job.folder);
  const trace = recordRun(scenario, record, { machine: machineOverrides(job), nameFile });
  const finding = findingData(trace);
  const outcome = finding === undefined ? 'holds' : 'fails';
  const status = finding === undefined ? ExitStatus.Holds : ExitStatus.Finding;
  const { kernelEvents } = trace;
  const decisions = record.decisions.length;
  if (job.json)
    return {
      status,
      output: jsonText({
        outcome,
        scenario: scenario.name,
        kernelEvents,
        decisions,
        finding,
        token: job.token,
      }),
    };
  const paint = terminalPaint(job.isColored);
  const verdict = finding === undefined ? paint.good('nothing was found') : paint.bad('fails');
  const heading = `${scenario.name}: ${verdict} in this run (${plural(decisions, 'decision')})`;
  return { status, output: `${heading}\n\n${findingReport(trace, { paint })}` };
}
