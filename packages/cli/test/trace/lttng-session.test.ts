import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../captured-io.js';
import { freshFolder } from './example-folder.js';

const isHere = (tool: string, ...args: readonly string[]): boolean =>
  spawnSync(tool, args, { stdio: 'ignore' }).status === 0;

const HEADER = '#include <lttng/tracepoint.h>';
const hasHeaders =
  spawnSync('gcc', ['-E', '-'], { input: HEADER, stdio: ['pipe', 'ignore', 'ignore'] }).status ===
  0;
const isPresent =
  hasHeaders && isHere('lttng-sessiond', '--version') && isHere('setpriv', '--version');
const hasBabeltrace = isHere('babeltrace2', '--version');

/** The session daemon of root is that of the whole machine: another user has one of its own. */
const AS_NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'];

describe.skipIf(!isPresent)(
  'a trace of LTTng-UST (skipped without gcc, lttng-tools, liblttng-ust-dev and setpriv)',
  () => {
    let root: string;
    beforeAll(() => {
      root = freshFolder();
      chmodSync(root, 0o777);
      const sources = import.meta.dirname;
      const script = ['bash', join(sources, 'lttng-session.sh'), root, sources];
      const [tool, ...args] =
        process.getuid?.() === 0 ? ['setpriv', ...AS_NOBODY, ...script] : script;
      execFileSync(tool!, args, { stdio: 'pipe', timeout: 50_000 });
    });
    afterAll(() => {
      rmSync(root, { recursive: true, force: true });
    });

    const trace = (...args: readonly string[]) => command(['trace', ...args], { folder: root });

    it('has nothing that a strict checker finds, its index files included', async () => {
      expect(await trace('check', 'trace')).toMatchObject({
        status: 0,
        out: expect.stringMatching(
          /^no findings in 1 trace: \d+ streams?, \d+ packets, 300 events\n$/,
        ) as string,
      });
    });

    it('is counted', async () => {
      const { out } = await trace('stats', 'trace', '--json');
      const { streams } = JSON.parse(out) as { streams: { byName: Record<string, number> }[] };
      const sum: Record<string, number> = {};
      for (const { byName } of streams)
        for (const [name, count] of Object.entries(byName)) sum[name] = (sum[name] ?? 0) + count;
      expect(sum).toEqual({ 'lab:every': 100, 'lab:work_begin': 100, 'lab:work_end': 100 });
    });

    it.skipIf(!hasBabeltrace)('is printed byte for byte as babeltrace2 prints it', async () => {
      for (const options of [
        ['--clock-cycles'],
        ['--clock-seconds'],
        ['--clock-gmt', '--no-delta'],
        [],
      ]) {
        const { out } = await trace('view', 'trace', ...options);
        const theirs = execFileSync('babeltrace2', [...options, join(root, 'trace')], {
          encoding: 'utf8',
        });
        expect(out).toBe(theirs);
      }
    });

    it.skipIf(!hasBabeltrace)('is read again from what babeltrace2 writes of it', async () => {
      const copy = join(root, 'copy');
      execFileSync('babeltrace2', ['-o', 'ctf', '-w', copy, join(root, 'trace')], {
        stdio: 'pipe',
      });
      const [first, second] = [
        await trace('view', 'trace', '--clock-cycles'),
        await trace('view', 'copy', '--clock-cycles'),
      ];
      expect(second.out).toBe(first.out);
      expect((await trace('check', 'copy')).out).toMatch(/^no findings/);
    });

    it('is the same when it is written anew', async () => {
      await trace('convert', 'trace', 'anew', '--to', 'ctf');
      const [first, second] = [await trace('view', 'trace'), await trace('view', 'anew')];
      expect(second.out).toBe(first.out);
      expect((await trace('check', 'anew')).out).toMatch(/^no findings/);
    });
  },
);
