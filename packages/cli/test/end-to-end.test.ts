import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './captured-io.js';
import { requireBuild, run, start } from './started-command.js';

beforeAll(requireBuild);

describe('the built command', () => {
  it('checks a scenario that holds', async () => {
    const { status, out, err } = await run(['check', 'holds.ts']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^atomic adds: holds in all 2 classes/);
  });

  it.each([
    ['names-its-thread', 'graphs', 1],
    ['names-its-thread', 'graphs', 2],
    ['names-its-thread', 'states', 2],
    ['loads-slowly', 'graphs', 2],
  ])(
    'checks several of %s by the same threads, by %s with --workers %d',
    async (name, search, workers) => {
      const files = Array.from({ length: 5 }, () => `${name}.ts`);
      const options = ['--search', search, '--workers', String(workers)];
      const { status, out, err } = await run(['check', ...files, ...options]);
      expect({ status, err }).toEqual({ status: 0, err: '' });
      const names = [...out.matchAll(/on thread (\d+): holds/g)].map(([, thread]) => thread);
      expect(names).toHaveLength(files.length);
      expect(new Set(names).size).toBeLessThanOrEqual(workers);
    },
  );

  it('checks the next by other threads, where one does not yield', async () => {
    const { status, out, err } = await run(['check', 'never-yields.ts', 'holds.ts'], {
      RSEQLAB_WATCHDOG_MS: '2000',
    });
    expect(status).toBe(2);
    expect(err).toMatch(/^rseqlab: never-yields\.ts:10:\d+: .*\n$/);
    expect(out).toMatch(/^holds\.ts: atomic adds: holds/);
  });

  it('finds, and replays what it found', async () => {
    const checked = await run(['check', 'lost-update.ts', '--json']);
    expect(checked).toMatchObject({ status: 1, err: '' });
    const { token, finding } = JSON.parse(checked.out) as { token: string; finding: object };
    const replayed = await run(['replay', token, '--json']);
    expect(replayed).toMatchObject({ status: 1, err: '' });
    expect((JSON.parse(replayed.out) as { finding: object }).finding).toEqual(finding);
  });

  it('refuses a scenario that throws, with its place', async () => {
    const { status, out, err } = await run(['check', 'throws-in-thread.ts']);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^rseqlab: throws-in-thread\.ts:10:\d+: expected a thread .*\n$/);
  });

  it('stops a thread that never yields, and says where it is', async () => {
    const { status, err } = await run(['check', 'never-yields.ts'], {
      RSEQLAB_WATCHDOG_MS: '2000',
    });
    expect(status).toBe(2);
    expect(err).toMatch(
      /^rseqlab: never-yields\.ts:10:\d+: expected a thread of scenario "never yields" to yield or to end, got no progress for 2 s in spinner\n$/,
    );
  });

  it('stops a setup that does not return', async () => {
    const { status, err } = await run(['run', 'never-sets-up.ts'], { RSEQLAB_WATCHDOG_MS: '2000' });
    expect(status).toBe(2);
    expect(err).toMatch(
      /^rseqlab: never-sets-up\.ts:7:\d+: expected setup of scenario "never sets up" to return, got no progress for 2 s in setup\n$/,
    );
  });

  it('survives a scenario that ends its process', async () => {
    expect(await run(['check', 'ends-process.ts'])).toEqual({
      status: 2,
      out: '',
      err: 'rseqlab: ends-process.ts: expected the scenario not to end the process, got exit(0)\n',
    });
  });

  it('stops at Ctrl-C with status 130', async () => {
    const started = start(['check', 'takes-long.ts']);
    await started.says('begun');
    started.interrupt();
    const { status, out, err } = await started.ended;
    expect({ status, out }).toEqual({ status: 130, out: '' });
    expect(err).toMatch(/^begun\nrseqlab: interrupted( after [\d,]+ executions)?\n$/);
  });

  it('does not complain when nobody reads what it prints', async () => {
    const started = start(['litmus', join(ROOT, 'examples/litmus')]);
    started.closeOutput();
    expect((await started.ended).err).toBe('');
  });
});
