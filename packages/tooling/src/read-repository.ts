import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RepositoryFile } from './repository-file.js';

/** What is installed, built, or version control (a file in a linked work tree), wherever it is. */
const skippedNames = new Set(['node_modules', 'dist', '.git', 'coverage']);

/** Folders of generated pages, and of data that others wrote. */
const skippedPaths = new Set(['docs/api', 'litmus']);

const textFile = /\.(?:[cm]?[jt]s|json|ya?ml|md|html|css|c|h|sh|txt)$|^[^.]+$|^\.[^.]+$/;

/**
 * Reads all text files of a repository.
 *
 * @param root path of its root folder.
 */
export function readRepository(root: string): readonly RepositoryFile[] {
  const files: RepositoryFile[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (skippedNames.has(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skippedPaths.has(path)) visit(path);
      } else if (entry.isFile() && textFile.test(entry.name))
        files.push({ path, text: readFileSync(join(root, path), 'utf8') });
    }
  };
  visit('');
  return files;
}
