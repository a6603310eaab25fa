import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatFinding, type Rule } from '../src/finding.js';
import { readRepository } from '../src/read-repository.js';
import { ambientState } from '../src/rules/ambient-state.js';
import { brokenLink } from '../src/rules/broken-link.js';
import { docstring } from '../src/rules/docstring.js';
import { errorCode } from '../src/rules/error-code.js';
import { fileLength } from '../src/rules/file-length.js';
import { fileName } from '../src/rules/file-name.js';
import { machineDependence } from '../src/rules/machine-dependence.js';

const root = join(import.meta.dirname, '../../..');
const files = readRepository(root);

const rules: readonly { readonly fact: string; readonly rule: Rule }[] = [
  { fact: 'no file is too long', rule: fileLength },
  { fact: 'every file is named after what is in it', rule: fileName },
  { fact: 'no library reaches ambient state', rule: ambientState },
  { fact: 'every export has a docstring', rule: docstring },
  { fact: 'every error code is thrown, and triggered by a test', rule: errorCode },
  { fact: 'no file depends on one machine', rule: machineDependence },
  {
    fact: 'every link of a Markdown file leads somewhere',
    rule: (all) => brokenLink(all, (path) => existsSync(join(root, path))),
  },
];

describe('the repository', () => {
  it('is read as a whole', () => {
    const paths = files.map(({ path }) => path);
    expect(paths).toContain('package.json');
    expect(paths).toContain('.ci/run');
    expect(paths).toContain('packages/tooling/test/tidy.test.ts');
    expect(paths).toContain('packages/sim-machine/src/index.ts');
    expect(paths.filter((path) => path.includes('node_modules'))).toEqual([]);
  });

  for (const { fact, rule } of rules)
    it(`holds that ${fact}`, () => {
      expect(rule(files).map(formatFinding)).toEqual([]);
    });
});
