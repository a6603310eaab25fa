import { findingReport, plural } from '@rseqlab/explorer';
import { checkFingerprint } from '@rseqlab/sim-machine';
import type { ReplayRecord } from '@rseqlab/sim-machine';
import { ExitStatus } from '../exit-status.js';
import { terminalPaint } from '../terminal-paint.js';
import { explainRun, explainedData, shrunkText } from './explained-run.js';
import type { Heartbeat } from './heartbeat.js';
import type { JobResult, ReplayJob } from './job.js';
import { jsonText } from './json-text.js';
import { machineOverrides } from './machine-overrides.js';
import type { ScenarioFile } from './scenario-file.js';
import { identify } from './scenario-identity.js';
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
  const identity = identify({ ...loaded, scenario }, machineOverrides(job), record);
  checkFingerprint(record, identity.fingerprint);
  const run = explainRun({ ...loaded, scenario }, identity, record, job, job.shrink ?? false);
  const { trace, shrunk } = run;
  const isFailing = trace.finding !== undefined;
  const outcome = isFailing ? 'fails' : 'holds';
  const status = isFailing ? ExitStatus.Finding : ExitStatus.Holds;
  const { kernelEvents } = trace;
  const decisions = shrunk?.cost.decisions ?? record.decisions.length;
  if (job.json) {
    const told = { outcome, scenario: scenario.name, kernelEvents, decisions };
    return { status, output: jsonText({ ...told, ...explainedData(run) }) };
  }
  const paint = terminalPaint(job.isColored);
  const verdict = isFailing ? paint.bad('fails') : paint.good('nothing was found');
  const heading = `${scenario.name}: ${verdict} in this run (${plural(decisions, 'decision')})`;
  const report = findingReport(trace, {
    paint,
    ...(shrunk && { remark: shrunkText(shrunk), replay: run.run.command }),
  });
  return { status, output: `${heading}\n\n${report}` };
}
