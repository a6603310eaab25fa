import type { RepositoryFile } from './repository-file.js';

/** A place where the repository breaks one of its rules. */
export interface Finding {
  /** The file, as a path from the root. */
  readonly path: string;
  /** Line of the file, from 1, where one is to blame. */
  readonly line?: number;
  /** What was expected and what is there. */
  readonly message: string;
}

/** A check of the whole repository; no findings when it is kept. */
export type Rule = (files: readonly RepositoryFile[]) => readonly Finding[];

/** A finding as one line: path:line message. */
export function formatFinding({ path, line, message }: Finding): string {
  return line === undefined ? `${path}: ${message}` : `${path}:${line} ${message}`;
}
