import { ExplorerError } from '@rseqlab/explorer';
import { MachineError } from '@rseqlab/sim-machine';
import { RuntimeError } from '@rseqlab/rseq-runtime';
import { CommandError } from '../command-error.js';
import type { DebugJob } from '../debug/debugger.js';
import type { CheckJob, Job } from './job.js';
import { positionOf } from './source-position.js';

/**
 * What a job threw as one line for the user: the place in a file, what was expected, what came.
 *
 * What is not one of the libraries' own errors is returned as it is: a defect.
 */
export function asCommandError(
  error: unknown,
  file: string,
  job: CheckJob | Job | DebugJob,
): unknown {
  if (error instanceof ExplorerError) {
    const place = positionOf(error.cause, job.folder) ?? file;
    return new CommandError(oneLine(`${place}: ${error.message}`), undefined, { cause: error });
  }
  if (error instanceof MachineError && error.code === 'ERR_TOKEN')
    return new CommandError(oneLine(error.message), undefined, { cause: error });
  if (error instanceof MachineError && error.code === 'ERR_DECISION')
    return new CommandError(
      oneLine(`${file}: ${indeterminate(job)} (${error.message})`),
      undefined,
      {
        cause: error,
      },
    );
  if (error instanceof MachineError || error instanceof RuntimeError) {
    const place = positionOf(error, job.folder) ?? file;
    return new CommandError(oneLine(`${place}: ${error.message}`), undefined, { cause: error });
  }
  return error;
}

function indeterminate({ command }: CheckJob | Job | DebugJob): string {
  return command === 'replay'
    ? 'expected the scenario to be what it was when the run was recorded, got other choices'
    : 'expected a scenario that does the same in every run, got one that differs from run to run';
}

function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, ' ');
}
