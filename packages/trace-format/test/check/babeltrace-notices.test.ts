import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRACE_RULES } from '../../src/check/trace-rules.js';
import type { TraceRule } from '../../src/check/trace-rules.js';
import { METADATA } from '../tick-trace.js';
import { BROKEN_TRACES } from './broken-traces.js';

const version = spawnSync('babeltrace2', ['--version'], { encoding: 'utf8' });
/** What the table says is of this version. */
const isPresent = version.status === 0 && version.stdout.includes('Babeltrace 2.0.');

describe.skipIf(!isPresent)('babeltrace2 2.0 (skipped where it is not installed)', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'trace-format-'));
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  it.each(Object.entries(BROKEN_TRACES))('does about %s what the table says', (rule, packets) => {
    const folder = join(root, rule);
    mkdirSync(folder);
    writeFileSync(join(folder, 'metadata'), METADATA);
    writeFileSync(join(folder, 'stream'), Buffer.concat(packets.broken));
    const { status, stderr } = spawnSync('babeltrace2', [folder], { encoding: 'utf8' });
    const notice = status !== 0 ? 'fails' : stderr === '' ? 'nothing' : 'warns';
    expect({ notice, stderr }).toEqual({
      notice: TRACE_RULES[rule as TraceRule].babeltrace2,
      stderr: expect.any(String) as string,
    });
  });
});
