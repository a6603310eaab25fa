import { TraceFormatError } from '@rseqlab/trace-format';
import { TracerError, isRingImage, readRingImage, recoverRing } from '@rseqlab/tracer';
import type { RecoveredRing, RingImage } from '@rseqlab/tracer';
import { plural } from '@rseqlab/explorer';
import { Command } from 'commander';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';
import { TraceFolderSink } from './trace-folder-sink.js';

const FIRST_BYTES = 16;

/** `rseqlab trace crash DIR OUT`: a trace of what was left in rings when a machine ended. */
export function traceCrashCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('crash')
    .description('make a trace of the rings that nobody had consumed when a machine ended')
    .argument('<folder>', 'folder with images of rings at any depth, such as that of run --trace')
    .argument('<out>', 'new folder for the trace; one in it for each session, if there are several')
    .action((path: string, out: string) => {
      const damaged: string[] = [];
      const recovered = recoverAll(path, out, io.folder, (what) => void damaged.push(what));
      const { packets, events, unfinished } = sumOf(recovered);
      const rings = plural(recovered.length, 'ring');
      io.out(
        `${plural(events, 'event')} in ${plural(packets, 'packet')} of ${rings} written to ${out}\n`,
      );
      if (unfinished > 0)
        io.out(
          `left out and counted as discarded: ${plural(unfinished, 'record')} not committed\n`,
        );
      for (const message of damaged) io.err(`rseqlab: ${message}\n`);
      ended(damaged.length === 0 ? ExitStatus.Holds : ExitStatus.Finding);
    });
}

/** @throws CommandError for a folder without an image of a ring, and where the trace cannot be written */
function recoverAll(
  path: string,
  out: string,
  workingFolder: string,
  damaged: (what: string) => void,
): RecoveredRing[] {
  const root = resolve(workingFolder, path);
  if (!existsSync(root))
    throw new CommandError(
      `expected a folder with images of rings, got ${path}, which is not there`,
    );
  const files = reading(() => imageFiles(root));
  if (files.length === 0)
    throw new CommandError(
      `expected a folder with images of rings, as run --trace leaves where rings were not consumed, got ${path}: no file in it is one`,
    );
  const folders = [...new Set(files.map((file) => dirname(file)))];
  return folders.flatMap((folder) => {
    const target = join(
      resolve(workingFolder, out),
      folders.length === 1 ? '' : relative(root, folder),
    );
    const own = files.filter((file) => dirname(file) === folder);
    return recoverFolder(own, target, (file, what) => {
      damaged(`${join(path, relative(root, file))}: ${what}`);
    });
  });
}

/** Makes the trace of a session. */
function recoverFolder(
  files: readonly string[],
  target: string,
  damaged: (file: string, what: string) => void,
): RecoveredRing[] {
  const sink = new TraceFolderSink(target);
  let metadata: string | undefined;
  const recovered: RecoveredRing[] = [];
  const use = (file: string, image: RingImage): void => {
    if (metadata === undefined) sink.metadata((metadata = image.metadata));
    else if (metadata !== image.metadata)
      throw new TracerError('ERR_IMAGE', 'expected the metadata of the images beside, got others');
    recovered.push(
      recoverRing(
        image,
        (packet) => {
          sink.packet(streamFile(image.stream), packet);
        },
        (what) => {
          damaged(file, what);
        },
      ),
    );
  };
  try {
    for (const file of files)
      try {
        use(file, readRingImage(reading(() => readFileSync(file))));
      } catch (error) {
        if (!(error instanceof TracerError || error instanceof TraceFormatError)) throw error;
        damaged(file, error.message);
      }
    return recovered;
  } finally {
    sink.close();
  }
}

/** The name of a stream as that of a file, whatever an image says it is. */
function streamFile(stream: string): string {
  return stream.replaceAll(/[^A-Za-z0-9_.-]/g, '_').replace(/^\.*$|^\./, '_');
}

/** All images in a folder, or the one that is named, in the order of their names. */
function imageFiles(root: string): string[] {
  if (!statSync(root).isDirectory()) return beginsAsImage(root) ? [root] : [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter(beginsAsImage)
    .sort();
}

function beginsAsImage(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = new Uint8Array(FIRST_BYTES);
    return isRingImage(bytes.subarray(0, readSync(descriptor, bytes, 0, FIRST_BYTES, 0)));
  } finally {
    closeSync(descriptor);
  }
}

/** Does something with files; the system's refusal is one line. */
function reading<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error) || typeof (error as NodeJS.ErrnoException).syscall !== 'string')
      throw error;
    throw new CommandError(error.message, undefined, { cause: error });
  }
}

function sumOf(recovered: readonly RecoveredRing[]): RecoveredRing {
  const sum = { packets: 0, events: 0, unfinished: 0 };
  for (const { packets, events, unfinished } of recovered) {
    sum.packets += packets;
    sum.events += events;
    sum.unfinished += unfinished;
  }
  return sum;
}
