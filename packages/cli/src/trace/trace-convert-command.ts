import {
  ChromeWriter,
  PerfettoWriter,
  TrackBuilder,
  ctf2MetadataText,
  mergeEvents,
  metadataText,
} from '@rseqlab/trace-format';
import type { MergedTrace, Track, TrackEvent } from '@rseqlab/trace-format';
import { Command, Option } from 'commander';
import { readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { CommandIo } from '../command-io.js';
import { CommandError } from '../command-error.js';
import { ExitStatus } from '../exit-status.js';
import { GrowingFile } from './growing-file.js';
import { PageWriter } from './page-writer.js';
import { lostStreams, parsedTrace } from './parsed-trace.js';
import { rewriteTrace } from './rewritten-trace.js';
import { hostFiles } from './trace-files.js';
import { withTraces } from './trace-folder.js';

const FORMATS = ['html', 'perfetto', 'chrome', 'ctf', 'ctf2'] as const;
const PICTURES = ['html', 'perfetto', 'chrome'] as const;
type Format = (typeof FORMATS)[number];
type Picture = (typeof PICTURES)[number];

/** Bytes that are written at once. */
const PAGE_BYTES = 1 << 16;

/** `rseqlab trace convert DIR OUT --to FORMAT`: a trace for other viewers, or in the layout of this project. */
export function traceConvertCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('convert')
    .description(
      'write a trace as a page of its own, for ui.perfetto.dev or for chrome://tracing, or anew in CTF 1.8 or 2',
    )
    .argument('<folder>', 'folder with a trace, or with several at any depth')
    .argument('<out>', 'new file, or new folder for CTF')
    .addOption(new Option('--to <format>', 'format').choices(FORMATS).makeOptionMandatory())
    .action(async (path: string, out: string, { to }: { readonly to: Format }) => {
      const broken: string[] = [];
      const told = { broken: ({ message }: Error) => void broken.push(message) };
      const target = resolve(io.folder, out);
      const events = await withTraces(path, io.folder, (traces) => {
        broken.push(...lostStreams(traces));
        const parsed = traces.map(parsedTrace);
        if (isPicture(to))
          return writePicture(
            parsed,
            writerOf(to, basename(resolve(io.folder, path))),
            target,
            told,
          );
        const metadata = to === 'ctf2' ? ctf2MetadataText : metadataText;
        return parsed.reduce(
          (sum, trace, n) =>
            sum +
            rewriteTrace(
              trace,
              parsed.length === 1 ? target : join(target, traces[n]!.path),
              metadata,
              told,
            ),
          0,
        );
      });
      io.out(`${events} events written to ${out}\n`);
      for (const message of broken) io.err(`rseqlab: ${message}\n`);
      ended(broken.length === 0 ? ExitStatus.Holds : ExitStatus.Finding);
    });
}

/** Writes what a picture is made of, piece by piece. */
interface PictureWriter {
  begin?(): string;
  track(track: Track): string | Uint8Array;
  event(event: TrackEvent): string | Uint8Array;
  end?(): string;
}

function isPicture(format: Format): format is Picture {
  return (PICTURES as readonly string[]).includes(format);
}

function writerOf(format: Picture, title: string): PictureWriter {
  if (format === 'html') return new PageWriter(title, pageScript());
  return format === 'chrome' ? new ChromeWriter() : new PerfettoWriter();
}

/** The script of the page, which the build puts beside that of the command. */
function pageScript(): string {
  return readFileSync(new URL('./page/trace-page.js', import.meta.url), 'utf8');
}

/** What is told while a trace is read. */
interface Told {
  readonly broken: (error: Error) => void;
}

/** @returns how many events there were */
function writePicture(
  traces: readonly MergedTrace[],
  writer: PictureWriter,
  target: string,
  told: Told,
): number {
  const file = openFile(target);
  let isWhole = false;
  try {
    const page = new BytePages(file);
    page.add(writer.begin?.() ?? '');
    const builder = new TrackBuilder(
      (track) => {
        page.add(writer.track(track));
      },
      (event) => {
        page.add(writer.event(event));
      },
    );
    let events = 0;
    for (const event of mergeEvents(traces, told)) {
      builder.take(event);
      events += 1;
    }
    builder.end();
    page.add(writer.end?.() ?? '');
    page.flush();
    isWhole = true;
    return events;
  } catch (error) {
    if (!(error instanceof Error) || (error as NodeJS.ErrnoException).syscall !== 'write')
      throw error;
    const { code } = error as NodeJS.ErrnoException;
    const message = `${target}: expected a place to write to, got ${code}`;
    throw new CommandError(message, undefined, { cause: error });
  } finally {
    file.close();
    // Half a picture shows nothing.
    if (!isWhole) rmSync(target, { force: true });
  }
}

/** A file that must not be there yet. */
function openFile(path: string): GrowingFile {
  try {
    return new GrowingFile(hostFiles, path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CommandError(`${path}: expected a new file to write to, got ${code}`, undefined, {
      cause: error,
    });
  }
}

/** Collects text and bytes, and writes them by pages. */
class BytePages {
  readonly #file: GrowingFile;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(file: GrowingFile) {
    this.#file = file;
  }

  add(piece: string | Uint8Array): void {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= PAGE_BYTES) this.flush();
  }

  flush(): void {
    this.#file.append(Buffer.concat(this.#pieces));
    this.#pieces = [];
    this.#bytes = 0;
  }
}
