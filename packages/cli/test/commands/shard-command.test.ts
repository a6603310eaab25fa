import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCENARIOS, command } from '../captured-io.js';

const folder = mkdtempSync(join(tmpdir(), 'shards-'));
const rseqlab = (...args: readonly string[]) => command(args, { folder });

/** A check that fails only behind many others, so that several parts have something to do. */
const CHECK = ['check', 'holds.ts', '--search', 'random', '--executions', '160', '--json'];

const plans = new Set<string>();
async function partsOf(plan: string, count: number): Promise<readonly string[]> {
  if (!plans.has(plan)) await rseqlab(...CHECK, '--plan', plan);
  plans.add(plan);
  const parts: string[] = [];
  for (let i = count; i >= 1; i--) {
    parts.push(`${plan}-${i}-of-${count}`);
    const { status, out } = await rseqlab('shard', plan, `${i}/${count}`, parts.at(-1)!);
    expect({ status, out }).toEqual({
      status: 0,
      out: expect.stringMatching(/: shard \d of \d, \d units?\n$/) as string,
    });
  }
  return parts;
}

beforeAll(() => {
  for (const file of ['holds.ts', 'lost-update.ts'])
    copyFileSync(join(SCENARIOS, file), join(folder, file));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('merge', () => {
  it('prints what the command itself prints, whatever the number of shards', async () => {
    const { status, out } = await rseqlab(...CHECK);
    expect(status).toBe(3);
    for (const count of [1, 3]) {
      const parts = await partsOf('p', count);
      expect(await rseqlab('merge', 'p', ...parts, '--json')).toMatchObject({
        status,
        out,
        err: '',
      });
    }
  });

  it('is incomplete, with status 3, when a shard is missing', async () => {
    const parts = await partsOf('p', 2);
    const { status, out, err } = await rseqlab('merge', 'p', parts[0]!, '--json');
    expect({ status, err }).toEqual({
      status: 3,
      err: 'rseqlab: incomplete: 2 of 4 units are missing\n',
    });
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'unknown',
      reason: 'the end of 2 of 4 units',
    });
  });

  it('refuses a shard that comes twice, of another plan, or that is no result at all', async () => {
    const [first = ''] = await partsOf('p', 2);
    const refused = async (message: RegExp, ...files: readonly string[]) => {
      const { status, out, err } = await rseqlab('merge', 'p', ...files);
      expect({ status, out }).toEqual({ status: 2, out: '' });
      expect(err).toMatch(message);
    };
    copyFileSync(join(folder, first), join(folder, 'again'));
    await refused(/expected one result of unit \d, got two/, first, 'again');
    await rseqlab('check', 'lost-update.ts', '--search', 'random', '--plan', 'other');
    await rseqlab('shard', 'other', '1/9', 'foreign');
    await refused(
      /^rseqlab: foreign: expected a result file of the same options/,
      first,
      'foreign',
    );
    await refused(/^rseqlab: p: expected a result file, got something else\n$/, 'p');
    await refused(/^rseqlab: none: expected a result file, got ENOENT\n$/, 'none');
  });

  it('finds in shards what a check finds, with the same token', async () => {
    const check = [
      'check',
      'lost-update.ts',
      '--search',
      'classes',
      '--kernel-events',
      '1',
      '--json',
    ];
    const whole = await rseqlab(...check);
    expect(whole.status).toBe(1);
    await rseqlab(...check, '--plan', 'classes');
    for (const part of ['1/2', '2/2'])
      await rseqlab('shard', 'classes', part, `classes-${part[0]!}`);
    const merged = await rseqlab('merge', 'classes', 'classes-1', 'classes-2', '--json');
    expect(merged).toMatchObject({ status: 1, out: whole.out });
  });
});

describe('shard', () => {
  it.each([
    ['9/9', 'p: expected 1 to 4 shards, as the plan has 4 units, got 9'],
    ['3/2', 'p: expected a shard from 1 to 2, got 3'],
  ])('%s is refused: it would be empty', async (part, message) => {
    await partsOf('p', 1);
    expect(await rseqlab('shard', 'p', part, 'empty')).toMatchObject({
      status: 2,
      err: `rseqlab: ${message}\n`,
    });
  });

  it('refuses a part that is none', async () => {
    const { status, err } = await rseqlab('shard', 'p', 'first', 'r');
    expect(status).toBe(2);
    expect(err).toContain("expected a part such as 1/4, got 'first'");
  });

  it('goes on from its result file', async () => {
    const [part = ''] = await partsOf('p', 1);
    const before = readFileSync(join(folder, part), 'utf8');
    expect((await rseqlab('shard', 'p', '1/1', part)).status).toBe(0);
    expect(readFileSync(join(folder, part), 'utf8')).toBe(before);
  });

  it('refuses the plan of a scenario that was changed since', async () => {
    await rseqlab('check', 'holds.ts', '--search', 'walk', '--plan', 'stale');
    const path = join(folder, 'holds.ts');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, `${text}\n`);
    const { status, err } = await rseqlab('shard', 'stale', '1/2', 'r');
    writeFileSync(path, text);
    expect(status).toBe(2);
    expect(err).toMatch(/^rseqlab: stale: expected a plan file of these files as they are now/);
  });

  it('needs a bound on kernel events where a search takes them one after the other', async () => {
    const { status, err } = await rseqlab(
      'check',
      'lost-update.ts',
      '--search',
      'classes',
      '--plan',
      'x',
    );
    expect(status).toBe(2);
    expect(err).toContain(
      'expected a bound on kernelEvents for a plan that is made ahead, got none',
    );
  });
});
