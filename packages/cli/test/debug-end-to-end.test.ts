import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './captured-io.js';

const program = join(ROOT, 'packages/cli/bin/rseqlab.js');
const SCENARIOS = 'packages/cli/test/scenarios';

/** Runs the built debugger on lines of input. */
function debug(file: string, lines: readonly string[], watchdogMs = 10_000) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'debug', file], {
    cwd: ROOT,
    encoding: 'utf8',
    input: lines.map((line) => `${line}\n`).join(''),
    env: { ...process.env, RSEQLAB_WATCHDOG_MS: String(watchdogMs) },
  });
  return { status, out: stdout, err: stderr };
}

beforeAll(() => {
  if (!existsSync(join(ROOT, 'packages/cli/dist/main.js')))
    throw new Error('the command is not built: npm run build');
});

describe('the built debugger', () => {
  it('says what the manual shows', () => {
    const manual = readFileSync(join(ROOT, 'docs/debugging.md'), 'utf8');
    const [, session = ''] = /```console\n(\$ npx rseqlab debug [^]*?)```/.exec(manual) ?? [];
    const [heading = '', ...shown] = session.trimEnd().split('\n');
    const lines = shown.filter((line) => line.startsWith('(rseqlab) '));
    const answers = shown.filter((line) => !line.startsWith('(rseqlab) '));
    expect(lines.length).toBeGreaterThan(4);
    const script = lines.map((line) => line.replace('(rseqlab) ', ''));
    const { status, out, err } = debug(heading.split(' ').at(-1)!, script);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.trimEnd().split('\n')).toEqual(answers);
  });

  it('ends a thread that never yields, and says where it is', () => {
    const { status, out, err } = debug(`${SCENARIOS}/never-yields.ts`, ['continue'], 5000);
    expect(status).toBe(2);
    expect(out).toContain('never yields: 2 CPUs, 1 thread');
    expect(err).toMatch(
      /never-yields\.ts:10:\d+: expected a thread of scenario "never yields" to yield or to end, got no progress for 5 s in spinner\n$/,
    );
  });

  it('survives a scenario that ends its process', () => {
    const { status, err } = debug(`${SCENARIOS}/ends-process.ts`, []);
    expect(status).toBe(2);
    expect(err).toMatch(
      /ends-process\.ts: expected the scenario not to end the process, got exit\(0\)\n$/,
    );
  });

  it('ends with status 2 at the first wrong line of a script', () => {
    const { status, err } = debug('examples/per-cpu-counter.ts', ['step', 'step T9', 'step']);
    expect(status).toBe(2);
    expect(err).toBe('rseqlab: line 2: expected a thread (T0, T1), got "T9"\n');
  });
});
