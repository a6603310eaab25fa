import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { command } from '../captured-io.js';

const folder = mkdtempSync(join(tmpdir(), 'bad-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LINES: readonly (readonly [string, string | RegExp])[] = [
  ['there-is-none.ts', 'there-is-none.ts: expected a scenario file, got no such file'],
  ['.', '.: expected a scenario file, got a folder'],
  [
    'no-default.ts',
    'no-default.ts: expected a scenario as the default export, got no default export',
  ],
  [
    'no-scenario.ts',
    'no-scenario.ts: expected a scenario as the default export, got another object',
  ],
  [
    'throws-when-loaded.ts',
    /^throws-when-loaded\.ts:5:\d+: expected the file to load, got RangeError: no such number$/,
  ],
  [
    'throws-in-setup.ts',
    /^throws-in-setup\.ts:7:\d+: expected setup of scenario "throws in setup" not to throw, got Error: no room today$/,
  ],
  [
    'throws-in-thread.ts',
    /^throws-in-thread\.ts:10:\d+: expected a thread of scenario "throws in a thread" not to throw, got TypeError: expected more than 0$/,
  ],
  [
    'throws-in-check.ts',
    /^throws-in-check\.ts:13:\d+: expected check of scenario "throws in check" not to throw, got Error: cannot tell$/,
  ],
  ['no-cpus.ts', /^no-cpus\.ts: expected at least 1 CPU, got 0/],
  ['unknown-model.ts', 'unknown-model.ts: expected a memory model (sc, tso, weak), got "psychic"'],
  [
    'unknown-profile.ts',
    /^unknown-profile\.ts:7:\d+: .*expected an rseq profile of .*v6\.1.*, got "v1\.0"$/,
  ],
  ['no-such-cpu.ts', /^no-such-cpu\.ts:7:\d+: expected .*CPU.*\(0, 1\), got 7$/],
];

describe.each(['check', 'run'])('%s', (name) => {
  it.each(LINES)('refuses %s in one line', async (file, line) => {
    const { status, out, err } = await command([name, file]);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err.startsWith('rseqlab: ')).toBe(true);
    expect(err.endsWith('\n')).toBe(true);
    const text = err.slice('rseqlab: '.length, -1);
    if (typeof line === 'string') expect(text).toBe(line);
    else expect(text).toMatch(line);
    expect(text).not.toContain('\n');
  });

  it('refuses what is not TypeScript, with the place', async () => {
    const file = join(folder, 'syntax-error.ts');
    writeFileSync(file, 'const a = 1;\nconst b: number = ;\n');
    const { status, err } = await command([name, 'syntax-error.ts'], { folder });
    expect(status).toBe(2);
    expect(err).toMatch(/^rseqlab: syntax-error\.ts:2:\d+: expected TypeScript, got: \S.*\n$/);
  });
});

describe('check', () => {
  it('refuses a file whose imports are not there, with the place', async () => {
    writeFileSync(join(folder, 'missing-import.ts'), "\nimport './there-is-none.js';\n");
    const { status, err } = await command(['check', 'missing-import.ts'], { folder });
    expect(status).toBe(2);
    expect(err).toMatch(
      /^rseqlab: missing-import\.ts:2:\d+: expected the file to load, got Error: Cannot find module '\.\/there-is-none\.js'\n$/,
    );
  });
});
