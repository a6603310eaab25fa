import { posix } from 'node:path';
import type { Finding } from '../finding.js';
import type { RepositoryFile } from '../repository-file.js';

const link = /\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;
const fence = /^\s*(?:```|~~~)/;

/**
 * Relative links of Markdown files lead to files and folders that exist.
 *
 * @param exists whether the repository has a file or folder of this path.
 */
export function brokenLink(
  files: readonly RepositoryFile[],
  exists: (path: string) => boolean,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { path, text } of files.filter((file) => file.path.endsWith('.md'))) {
    let isCode = false;
    text.split('\n').forEach((content, index) => {
      if (fence.test(content)) isCode = !isCode;
      if (isCode) return;
      for (const [, target = ''] of content.matchAll(link)) {
        if (/^(?:[a-z]+:|#)/.test(target)) continue;
        const file = decodeURIComponent(target.replace(/#.*$/, ''));
        if (!exists(posix.normalize(posix.join(posix.dirname(path), file))))
          findings.push({ path, line: index + 1, message: `expected a file at ${target}` });
      }
    });
  }
  return findings;
}
