import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

describe('the program of `npm run proof`', () => {
  it('of urcu can be bundled, and refuses a table that there is not', () => {
    const parameters = ['scripts/run-bundled.mjs', 'packages/urcu/test/proof', 'main', 'nothing'];
    const { status, stderr } = spawnSync(process.execPath, parameters, {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/expected .*, got nothing/);
    expect(status).toBe(2);
  });
});
