import type { Finding } from '../finding.js';
import type { RepositoryFile } from '../repository-file.js';

/** Text that is only true on one machine or behind one network. */
const patterns: readonly { readonly pattern: RegExp; readonly meaning: string }[] = [
  { pattern: /(?<![\w.)\]}*/-])\/(?:work|home|root|Users)\/\w/, meaning: 'a path of one machine' },
  { pattern: /\b[A-Z]:\\Users\\/, meaning: 'a path of one machine' },
  { pattern: /\bregistry\.[a-z-]+\.[a-z]+/, meaning: 'the host of a registry' },
  { pattern: /\b(?:unpkg|jsdelivr|npmmirror)\.(?:com|net)\b/, meaning: 'the host of a registry' },
  { pattern: /^\s*tarball:/, meaning: 'the address of a tarball' },
];

/** No file names a path of one machine or the host of a registry. */
export function machineDependence(files: readonly RepositoryFile[]): readonly Finding[] {
  return files
    .filter(({ path }) => !path.endsWith('/machine-dependence.test.ts'))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((content, index) =>
        patterns
          .filter(({ pattern }) => pattern.test(content))
          .map(({ meaning }) => ({
            path,
            line: index + 1,
            message: `expected no ${meaning.replace(/^an? |^the /, '')}, got ${content.trim()}`,
          })),
      ),
    );
}
