import {
  findingData,
  grouped,
  htmlReport,
  plural,
  pointOfNoReturn,
  recordRun,
  shrinkRun,
} from '@rseqlab/explorer';
import type { Finding, RecordedDecisions, RunTrace, Scenario, ShrunkRun } from '@rseqlab/explorer';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeWhole } from '../whole-file.js';
import type { CheckJob, ReplayJob } from './job.js';
import { machineOverrides } from './machine-overrides.js';
import type { ScenarioFile } from './scenario-file.js';
import { nameRun } from './scenario-identity.js';
import type { NamedRun, ScenarioIdentity } from './scenario-identity.js';
import { showPath } from './source-position.js';

/** A run with all that explains what it found. */
export interface ExplainedRun {
  readonly trace: RunTrace;
  readonly run: NamedRun;
  /** How the run was made simpler, where it was. */
  readonly shrunk?: ShrunkRun;
}

/** A run with what a search found in it; a replay finds out for itself, but not that it is a livelock. */
export interface FailingDecisions extends RecordedDecisions {
  readonly finding?: Finding | undefined;
}

/** What explaining takes of a job. */
type ExplainJob = Pick<CheckJob | ReplayJob, 'folder' | 'memory' | 'html'>;

/** Makes a run again, simpler if asked for, and looks for its point of no return. */
export function explainRun(
  loaded: ScenarioFile,
  identity: ScenarioIdentity,
  given: FailingDecisions,
  job: ExplainJob,
  shrinks: boolean,
): ExplainedRun {
  const { scenario } = loaded;
  const machine = machineOverrides(job);
  const nameFile = (file: string): string => showPath(file, job.folder);
  const shrunk = shrinks ? shrinkRun(scenario, given, { machine }) : undefined;
  const recorded = shrunk?.recorded ?? given;
  const recording = recordRun(scenario, recorded, { machine, nameFile, finding: given.finding });
  const point = noReturn(scenario, recorded, recording, job);
  const trace = point === undefined ? recording : { ...recording, pointOfNoReturn: point };
  const explained = {
    trace,
    run: nameRun(loaded, identity, recorded, job),
    ...(shrunk && { shrunk }),
  };
  if (job.html !== undefined) writePage(explained, job.html, job.folder);
  return explained;
}

/** What JSON says of a run. */
export function explainedData({ trace, run, shrunk }: ExplainedRun): object {
  return {
    finding: findingData(trace),
    token: run.token,
    ...(shrunk && {
      shrunk: {
        before: shrunk.before,
        after: shrunk.cost,
        replays: shrunk.replays,
        isMinimal: shrunk.isMinimal,
      },
    }),
  };
}

/** What a report says of how a run was made simpler: `shrunk from 40 decisions, ...`. */
export function shrunkText({ before, replays, isMinimal }: ShrunkRun): string {
  const cost = [
    plural(before.switches, 'switch'),
    plural(before.kernelEvents, 'kernel event'),
    plural(before.decisions, 'decision'),
  ].join(', ');
  const tried = `${grouped(replays)} runs tried${isMinimal ? '' : ', not all there are'}`;
  return `shrunk from ${cost} (${tried})`;
}

function noReturn(
  scenario: Scenario,
  recorded: RecordedDecisions,
  { finding }: RunTrace,
  job: ExplainJob,
): RunTrace['pointOfNoReturn'] {
  if (finding === undefined || finding.kind === 'livelock') return undefined;
  return pointOfNoReturn(scenario, recorded, { machine: machineOverrides(job) });
}

function writePage({ trace, run, shrunk }: ExplainedRun, file: string, folder: string): void {
  const page = htmlReport(trace, {
    replay: run.command,
    sources: sourcesOf(trace, folder),
    ...(shrunk && { shrunkFrom: shrunk.before }),
  });
  writeWhole(file, folder, page);
}

/** The source files that rows of a trace name, as far as they can be read. */
function sourcesOf({ rows }: RunTrace, folder: string): Readonly<Record<string, string>> {
  const files = new Set(rows.flatMap(({ source }) => (source === undefined ? [] : [source.file])));
  return Object.fromEntries(
    [...files].flatMap((file) => {
      try {
        return [[file, readFileSync(resolve(folder, file), 'utf8')]];
      } catch {
        return [];
      }
    }),
  );
}
