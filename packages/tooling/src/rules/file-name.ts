import type { Finding } from '../finding.js';
import type { RepositoryFile } from '../repository-file.js';

const code = /\.(?:[cm]?[jt]s|c|h)$/;
const kebabCase = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
const saysNothing = /^(?:utils?|helpers?|types?|common|misc|shared)$/;

function findingOf(path: string, part: string): Finding | undefined {
  if (!kebabCase.test(part)) return { path, message: `expected kebab-case, got "${part}"` };
  if (saysNothing.test(part.split('.')[0] ?? ''))
    return { path, message: `expected a name that says what is inside, got "${part}"` };
  return undefined;
}

/** Code files and their folders are kebab-case and are named after what is in them. */
export function fileName(files: readonly RepositoryFile[]): readonly Finding[] {
  return files
    .filter(({ path }) => code.test(path))
    .flatMap(({ path }) => path.split('/').flatMap((part) => findingOf(path, part) ?? []));
}
