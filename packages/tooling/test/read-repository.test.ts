import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readRepository } from '../src/read-repository.js';

const root = mkdtempSync(join(tmpdir(), 'repository-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const write = (path: string): void => {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), path);
};

it('reads every text file that people wrote, and nothing else', () => {
  const read = [
    '.ci/run',
    '.gitignore',
    'README.md',
    'docs/guide.md',
    'src/api/a.ts',
    'src/litmus/b.ts',
  ];
  const skipped = [
    'docs/api/index.html',
    'litmus/x86/sb.txt',
    'node_modules/a/index.js',
    'packages/a/dist/index.js',
    'packages/a/node_modules/b/index.js',
    'picture.png',
  ];
  for (const path of [...read, ...skipped]) write(path);
  const files = readRepository(root);
  expect(files.map(({ path }) => path).sort()).toEqual(read);
  expect(files.every(({ path, text }) => path === text)).toBe(true);
});
