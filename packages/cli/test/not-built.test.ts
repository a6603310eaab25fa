import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from './captured-io.js';

describe('the command of a clone that was not built', () => {
  let clone: string;

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'rseqlab-not-built-'));
    cpSync(join(ROOT, 'packages/cli/bin'), join(clone, 'bin'), { recursive: true });
    cpSync(join(ROOT, 'packages/cli/package.json'), join(clone, 'package.json'));
  });

  afterEach(() => {
    rmSync(clone, { recursive: true, force: true });
  });

  it('says in one line that it was not, and with what it is', () => {
    const command = join(clone, 'bin/rseqlab.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, '--help'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^rseqlab: expected the command to be built, .*`npm run demo`.*\n$/);
  });
});
