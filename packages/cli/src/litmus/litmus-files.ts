import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Litmus files, and complaints about paths that lead to none. */
export interface LitmusFiles {
  /** Paths as given, or below a folder that was given; each once, those of a folder sorted. */
  readonly files: readonly string[];
  /** Lines for stderr. */
  readonly complaints: readonly string[];
}

const EXTENSION = '.litmus';

/** Finds the tests that paths stand for: files as they are, and all `*.litmus` below folders. */
export function findLitmusFiles(paths: readonly string[], folder: string): LitmusFiles {
  const files = new Map<string, string>();
  const complaints: string[] = [];
  for (const path of paths) {
    const stats = statSync(resolve(folder, path), { throwIfNoEntry: false });
    if (stats === undefined) {
      complaints.push(`${path}: expected a litmus file or a folder of them, got no such file`);
      continue;
    }
    const found = stats.isDirectory() ? filesBelow(path, folder) : [path];
    if (found.length === 0)
      complaints.push(`${path}: expected a folder with *${EXTENSION} files, got none`);
    for (const file of found) {
      const key = resolve(folder, file);
      if (!files.has(key)) files.set(key, file);
    }
  }
  return { files: [...files.values()], complaints };
}

function filesBelow(path: string, folder: string): readonly string[] {
  return readdirSync(resolve(folder, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(EXTENSION))
    .sort()
    .map((name) => join(path, name));
}
