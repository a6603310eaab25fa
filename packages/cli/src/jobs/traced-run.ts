import type { Scenario } from '@rseqlab/explorer';
import type { Machine } from '@rseqlab/sim-machine';
import { KernelTracer, directTraces, ringImages } from '@rseqlab/tracer';
import { join, resolve } from 'node:path';
import type { RunJob } from './job.js';
import { writeRingImages } from '../trace/ring-image-files.js';
import { TraceFolderSink } from '../trace/trace-folder-sink.js';
import { makeEmptyFolder } from '../trace/trace-folder-writer.js';

/**
 * Folders of the trace of the kernel, and of those that programs write. None is the root: readers look no deeper into a folder
 * that is a trace.
 *
 * @source lttng-create(1)
 */
const KERNEL = 'kernel';
const PROGRAMS = 'ust';

/** Folder of what was left in rings, a folder for each session. @source lttng-create(1), --shm-path */
const RINGS = 'shm';

/**
 * Has a machine's kernel traced while something runs, if the job asks for a trace, and the traces of its
 * programs written beside, and what is left in their rings; the run is the same with it and without. A run that
 * throws leaves what was recorded until then.
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
  const root = resolve(job.folder, job.trace);
  makeEmptyFolder(root);
  const folder = new TraceFolderSink(join(root, KERNEL));
  const cost = scenario.machine?.cost;
  const frequencyMhz = cost === undefined || cost === false ? 1000 : cost.frequencyMhz;
  const isTimed = job.director === 'timed';
  const tracer = KernelTracer.attach(machine, folder, { clock: { frequencyMhz }, isTimed });
  const programs = new ProgramTraces(join(root, PROGRAMS));
  directTraces(machine, (name) => programs.open(name));
  try {
    return run();
  } finally {
    try {
      tracer.finish();
    } finally {
      folder.close();
      programs.close();
      writeRingImages(ringImages(machine), (session) => join(root, RINGS, folderName(session)));
    }
  }
}

/** The traces that programs of a run write, each in a folder of its own. */
class ProgramTraces {
  readonly #folder: string;
  readonly #sinks: TraceFolderSink[] = [];
  readonly #names = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Those of one name are numbered from the second on. */
  open(name: string): TraceFolderSink {
    const count = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, count);
    const folder = folderName(count === 1 ? name : `${name}-${count}`);
    const sink = new TraceFolderSink(join(this.#folder, folder));
    this.#sinks.push(sink);
    return sink;
  }

  close(): void {
    for (const sink of this.#sinks) sink.close();
  }
}

/** A name as that of a folder inside of another, whatever is in it. */
function folderName(name: string): string {
  return name === '' ? 'trace' : encodeURIComponent(name).replace(/^\./, '%2E');
}
