import type { Finding } from '../finding.js';
import { isPackageSource, isTest, type RepositoryFile } from '../repository-file.js';

const sourceLimitLines = 300;
const testLimitLines = 400;

function limitLines(path: string): number {
  if (isTest(path)) return testLimitLines;
  const isSource = isPackageSource(path) || /^(?:scripts|examples|bench)\/.*\.m?[jt]s$/.test(path);
  return isSource ? sourceLimitLines : Infinity;
}

/** A source past 300 lines, or a test past 400, holds a second concept. */
export function fileLength(files: readonly RepositoryFile[]): readonly Finding[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, '').split('\n').length;
    const limit = limitLines(path);
    return lines > limit
      ? [{ path, line: limit + 1, message: `expected at most ${limit} lines, got ${lines}` }]
      : [];
  });
}
