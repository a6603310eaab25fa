import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { command } from '../captured-io.js';

const folder = mkdtempSync(join(tmpdir(), 'explained-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Cost {
  readonly switches: number;
  readonly kernelEvents: number;
  readonly decisions: number;
}

interface Told {
  readonly outcome: string;
  readonly token?: string;
  readonly kernelEvents: number;
  readonly decisions?: number;
  readonly finding?: {
    readonly kind: string;
    readonly message: string;
    readonly kernelEvents: number;
    readonly pointOfNoReturn?: { readonly decision: number; readonly isExact: boolean };
  };
  readonly shrunk?: { readonly before: Cost; readonly after: Cost; readonly isMinimal: boolean };
}

async function json(args: readonly string[]) {
  const { status, out, err } = await command([...args, '--json']);
  expect(err).toBe('');
  return { status, told: JSON.parse(out) as Told };
}

const SAMPLED = ['check', 'racy-counter.ts', '--search', 'random'] as const;

describe('a failure that a sample finds', () => {
  it('is shrunk, and its token is that of the shrunk run', async () => {
    const { status, told } = await json(SAMPLED);
    expect(status).toBe(1);
    const { before, after, isMinimal } = told.shrunk!;
    expect(isMinimal).toBe(true);
    expect(after.switches).toBeLessThan(before.switches);
    expect(after).toMatchObject({ kernelEvents: 0 });
    expect(told.kernelEvents).toBe(0);
    const replayed = await json(['replay', told.token!]);
    expect(replayed.told).toMatchObject({ outcome: 'fails', decisions: after.decisions });
    expect(replayed.told.finding).toEqual(told.finding);
  });

  it('is left as it is by --no-shrink, and shrunk by replay --shrink', async () => {
    const { told } = await json([...SAMPLED, '--no-shrink']);
    expect(told.shrunk).toBeUndefined();
    const shrunk = await json(['replay', told.token!, '--shrink']);
    expect(shrunk.told.shrunk?.after).toMatchObject({ kernelEvents: 0, switches: 2 });
  });

  it('says what it was shrunk from', async () => {
    const { out } = await command(SAMPLED);
    expect(out).toMatch(
      /Schedule: 0 kernel events, shrunk from \d+ switches, \d+ kernel events?, \d+ decisions \(\d+ runs tried\)\n/,
    );
  });
});

describe('a failure that an exhaustive search finds', () => {
  it('is shrunk only if asked for', async () => {
    expect((await json(['check', 'racy-counter.ts'])).told.shrunk).toBeUndefined();
    const { told } = await json(['check', 'racy-counter.ts', '--shrink']);
    expect(told.shrunk?.after.kernelEvents).toBe(0);
  });

  it('has its point of no return in the report and in the data', async () => {
    const { told } = await json(['check', 'lost-update.ts']);
    const { decision, isExact } = told.finding!.pointOfNoReturn!;
    expect(isExact).toBe(true);
    const { out } = await command(['check', 'lost-update.ts']);
    expect(out).toMatch(
      new RegExp(
        `Point of no return\n  step ${decision}, T\\d load32 .*: after it every way to go on fails\n`,
      ),
    );
    expect(out).toContain('~~ from here on every way to go on fails\n');
  });
});

describe('--html', () => {
  it('writes the run of a check as one page, and that of a replay', async () => {
    const page = join(folder, 'check.html');
    const { status } = await command(['check', 'lost-update.ts', '--html', page]);
    expect(status).toBe(1);
    const text = readFileSync(page, 'utf8');
    const { told } = await json(['check', 'lost-update.ts']);
    expect(text).toContain(told.token);
    expect(text).toContain('expected the word to be 2, got 1');
    const replayed = join(folder, 'replay.html');
    await command(['replay', told.token!, '--html', replayed]);
    expect(readFileSync(replayed, 'utf8')).toBe(text);
  });

  it('writes nothing where nothing was found', async () => {
    const page = join(folder, 'holds.html');
    expect((await command(['check', 'holds.ts', '--html', page])).status).toBe(0);
    expect(existsSync(page)).toBe(false);
  });

  it.each([
    ['lost-update.ts', join('no', 'folder.html'), 'ENOENT'],
    ['holds.ts', join('no', 'folder.html'), 'ENOENT'],
    ['holds.ts', join('holds.ts', 'below-a-file.html'), 'ENOTDIR'],
    ['holds.ts', '.', 'a folder'],
    ['holds.ts', `${'x'.repeat(300)}.html`, 'ENAMETOOLONG'],
  ])('refuses, with %s, a page that cannot be written: %s', async (file, page, got) => {
    const { status, out, err } = await command(['check', file, '--html', page]);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe(`rseqlab: ${page}: expected a file to write to, got ${got}\n`);
  });

  it('refuses a page of a replay that cannot be written before the replay', async () => {
    const args = ['replay', 'rseqlab1:no-token', '--html', join('no', 'folder.html')];
    const { status, err } = await command(args);
    expect(status).toBe(2);
    expect(err).toMatch(/folder\.html: expected a file to write to, got ENOENT\n$/);
  });
});

describe('a scenario that differs from run to run', () => {
  it('is a finding with the first difference, and nothing else is said of it', async () => {
    const { status, out, err } = await command(['check', 'not-deterministic.ts']);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(
      /^rseqlab: not-deterministic\.ts: expected the scenario to do the same in every run, got at event \d+ .*\n$/,
    );
  });
});

describe('a scenario that differs, as JSON,', () => {
  it('is the finding, on stdout, and the same line on stderr', async () => {
    const { status, out, err } = await command(['check', 'not-deterministic.ts', '--json']);
    expect(status).toBe(1);
    const told = JSON.parse(out) as { readonly finding: { readonly message: string } };
    expect(told).toEqual({
      outcome: 'fails',
      finding: { kind: 'nondeterminism', message: told.finding.message },
    });
    expect(err).toBe(`rseqlab: not-deterministic.ts: ${told.finding.message}\n`);
  });
});

describe('an execution that does not end', () => {
  it('makes the answer unknown, and can be seen again', async () => {
    const args = ['check', 'endless.ts', '--decisions', '40'] as const;
    const { status, out } = await command(args);
    expect(status).toBe(3);
    const token = /To see it: rseqlab replay (\S+)\n/.exec(out)?.[1];
    expect(out).toContain(
      'expected every execution to end within 40 decisions, got one that goes on',
    );
    const { told } = await json(args);
    expect(told).toMatchObject({ outcome: 'unknown', token, finding: { kind: 'step-bound' } });
    const replayed = await json(['replay', token!]);
    expect(replayed).toMatchObject({ status: 0, told: { outcome: 'holds', decisions: 40 } });
  });
});
