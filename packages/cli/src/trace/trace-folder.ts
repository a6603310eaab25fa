import type { ByteSource, TraceFiles } from '@rseqlab/trace-format';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { CommandError } from '../command-error.js';
import { FileSource } from './file-source.js';

/** The file in which a trace describes itself, and the folder of its index files. */
export const METADATA_FILE = 'metadata';
/** The folder beside the streams that holds their index files. */
export const INDEX_FOLDER = 'index';
/** What the name of an index file has behind that of its stream. */
export const INDEX_ENDING = '.idx';

/** A trace in a folder, opened. */
export interface OpenTrace extends TraceFiles {
  /** The folder, as messages name it. */
  readonly folder: string;
  /** The folder from the one that was opened on; empty for that itself. */
  readonly path: string;
  readonly sources: readonly ByteSource[];
  readonly indexes: ReadonlyMap<string, Uint8Array>;
}

/**
 * Opens all traces that are in a folder at any depth, does something with them, and closes them.
 *
 * @throws CommandError when there is no such folder, no trace in it, or a file that cannot be read
 */
export async function withTraces<Result>(
  path: string,
  workingFolder: string,
  act: (traces: readonly OpenTrace[]) => Promise<Result> | Result,
): Promise<Result> {
  const opened: FileSource[] = [];
  try {
    return await act(openTraces(path, workingFolder, opened));
  } catch (error) {
    if (isSystemError(error)) throw new CommandError(error.message, undefined, { cause: error });
    throw error;
  } finally {
    for (const source of opened) source.close();
  }
}

function openTraces(path: string, workingFolder: string, opened: FileSource[]): OpenTrace[] {
  const root = resolve(workingFolder, path);
  const found = statSync(root, { throwIfNoEntry: false });
  if (found === undefined)
    throw new CommandError(`expected a folder with a trace, got ${path}, which is not there`);
  if (!found.isDirectory())
    throw new CommandError(`expected a folder with a trace, got the file ${path}`);
  const folders = traceFolders(root);
  if (folders.length === 0)
    throw new CommandError(
      `expected a folder with a trace, got ${path}: there is no file ${METADATA_FILE} in it at any depth`,
    );
  return folders.map((folder) => {
    const inRoot = relative(root, folder);
    const sources = streamFiles(folder).map((name) => {
      const source = new FileSource(join(inRoot, name), join(folder, name));
      opened.push(source);
      return source;
    });
    return {
      folder: join(path, inRoot),
      path: inRoot,
      metadata: readFileSync(join(folder, METADATA_FILE)),
      sources,
      indexes: indexFiles(folder, inRoot),
    };
  });
}

/** Folders that hold metadata, in the order of their names. */
function traceFolders(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name === METADATA_FILE && entry.isFile())
    .map(({ parentPath }) => parentPath)
    .sort();
}

/** Everything beside the metadata that is not hidden. */
function streamFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== METADATA_FILE && !name.startsWith('.'))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}

function indexFiles(folder: string, inRoot: string): Map<string, Uint8Array> {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (!entries.some((entry) => entry.name === INDEX_FOLDER && entry.isDirectory()))
    return new Map();
  return new Map(
    readdirSync(join(folder, INDEX_FOLDER))
      .filter((name) => name.endsWith(INDEX_ENDING))
      .map((name) => [
        join(inRoot, name.slice(0, -INDEX_ENDING.length)),
        readFileSync(join(folder, INDEX_FOLDER, name)),
      ]),
  );
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
