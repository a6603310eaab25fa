import type { Scenario } from '@rseqlab/explorer';
import type { Machine } from '@rseqlab/sim-machine';
import { KernelTracer } from '@rseqlab/tracer';
import { resolve } from 'node:path';
import type { RunJob } from './job.js';
import { TraceFolderSink } from '../trace/trace-folder-sink.js';

/**
 * Has a machine's kernel traced while something runs, if the job asks for a trace; the run is the same
 * with it and without. A run that throws leaves what was recorded until then.
 *
 * @throws CommandError when the trace cannot be written
 */
export function tracedRun<Result>(
  machine: Machine,
  scenario: Scenario,
  job: RunJob,
  run: () => Result,
): Result {
  if (job.trace === undefined) return run();
  const folder = new TraceFolderSink(resolve(job.folder, job.trace));
  const cost = scenario.machine?.cost;
  const frequencyMhz = cost === undefined || cost === false ? 1000 : cost.frequencyMhz;
  const isTimed = job.director === 'timed';
  const tracer = KernelTracer.attach(machine, folder, { clock: { frequencyMhz }, isTimed });
  try {
    return run();
  } finally {
    try {
      tracer.finish();
    } finally {
      folder.close();
    }
  }
}
