import { expect, it } from 'vitest';
import { fileLength } from '../../src/rules/file-length.js';

const lines = (count: number): string => 'x\n'.repeat(count);

it('refuses the 301st line of a source', () => {
  const path = 'packages/sim-machine/src/cpu/core.ts';
  expect(fileLength([{ path, text: lines(300) }])).toEqual([]);
  expect(fileLength([{ path, text: lines(301) }])).toEqual([
    { path, line: 301, message: 'expected at most 300 lines, got 301' },
  ]);
});

it('counts a last line that has no newline', () => {
  const path = 'bench/run.ts';
  expect(fileLength([{ path, text: `${lines(300)}x` }])).toHaveLength(1);
});

it('refuses the 401st line of a test', () => {
  const path = 'packages/sim-machine/test/cpu/core.test.ts';
  expect(fileLength([{ path, text: lines(400) }])).toEqual([]);
  expect(fileLength([{ path, text: lines(401) }])).toHaveLength(1);
});

it('leaves documents and the lockfile alone', () => {
  expect(fileLength([{ path: 'README.md', text: lines(900) }])).toEqual([]);
  expect(fileLength([{ path: 'pnpm-lock.yaml', text: lines(9000) }])).toEqual([]);
});
