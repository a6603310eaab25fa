import { formatFrame, userFrame } from '@rseqlab/explorer';
import type { SourceFrame } from '@rseqlab/explorer';
import { CommandError } from '../command-error.js';
import { JobPhase } from './heartbeat.js';
import type { Job } from './job.js';
import { showPath } from './source-position.js';

/** What should have happened, by the part of the scenario that was running. */
function expectedIn(phase: JobPhase, scenario: string): string {
  switch (phase) {
    case JobPhase.Loading:
      return 'the file to load';
    case JobPhase.Setup:
      return `setup of ${scenario} to return`;
    case JobPhase.Threads:
      return `a thread of ${scenario} to yield or to end`;
    case JobPhase.Check:
      return `check of ${scenario} to return`;
  }
}

/** A diagnostic report of Node.js, as far as it tells where workers are. */
interface StackReport {
  readonly workers?: readonly {
    readonly header?: { readonly threadId?: number };
    readonly javascriptStack?: { readonly stack?: readonly string[] };
  }[];
}

/** Where in a user's file a worker (any, if 0) is executing, even in a loop without end. */
function workerFrame(thread: number): SourceFrame | undefined {
  const report: unknown = process.report.getReport();
  const { workers = [] } = (
    typeof report === 'string' ? JSON.parse(report) : report
  ) as StackReport;
  for (const { header, javascriptStack } of workers) {
    if (thread !== 0 && header?.threadId !== thread) continue;
    const frame = userFrame((javascriptStack?.stack ?? []).join('\n'));
    if (frame !== undefined) return frame;
  }
  return undefined;
}

/** What a complaint about a job is about. */
export function subjectOf({ file }: Pick<Job, 'file'>): string {
  return file ?? 'the scenario of the token';
}

/**
 * Says that a job makes no progress, and where it is.
 *
 * @param name - the scenario's, once it is known
 * @param thread - the worker's; 0 if there is only one
 */
export function stuckError(
  job: Pick<Job, 'file' | 'folder'>,
  phase: JobPhase,
  watchdogMs: number,
  name: string | undefined,
  thread = 0,
): CommandError {
  const frame = workerFrame(thread);
  const place =
    frame === undefined
      ? subjectOf(job)
      : formatFrame({ ...frame, file: showPath(frame.file, job.folder) });
  const inFunction = frame?.functionName === undefined ? '' : ` in ${frame.functionName}`;
  const scenario = name === undefined ? 'the scenario' : `scenario "${name}"`;
  const seconds = watchdogMs / 1000;
  return new CommandError(
    `${place}: expected ${expectedIn(phase, scenario)}, got no progress for ${seconds} s${inFunction}`,
  );
}
