import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { command } from '../captured-io.js';
import { hostFiles } from '../../src/trace/trace-files.js';
import { freshFolder, writeExample } from './example-folder.js';

let root: string;
beforeAll(() => {
  root = freshFolder();
  writeExample(join(root, 'good'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** From 2.1 on, babeltrace2 reads CTF 2. */
const { stdout: babeltraceVersion, error } = spawnSync('babeltrace2', ['--version'], {
  encoding: 'utf8',
});
const readsCtf2 = error === undefined && !babeltraceVersion.includes('2.0.');

const trace = (...args: readonly string[]) => command(['trace', ...args], { folder: root });

/** Names of the folders and files of a trace. */
const filesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort();

describe('rseqlab trace convert', () => {
  it('writes JSON for Chrome', async () => {
    expect(await trace('convert', 'good', 'good.json', '--to', 'chrome')).toMatchObject({
      status: 0,
      out: '8 events written to good.json\n',
    });
    const { traceEvents } = JSON.parse(readFileSync(join(root, 'good.json'), 'utf8')) as {
      traceEvents: { ph: string }[];
    };
    expect(traceEvents.filter(({ ph }) => ph === 'i')).toHaveLength(8);
  });

  it('writes a trace for Perfetto', async () => {
    expect(await trace('convert', 'good', 'good.pftrace', '--to', 'perfetto')).toMatchObject({
      status: 0,
    });
    // Packets of the file: field 1 with a length.
    expect(readFileSync(join(root, 'good.pftrace'))[0]).toBe((1 << 3) | 2);
  });

  it.each(['ctf', 'ctf2'])(
    'writes a trace anew as %s that says the same and has no findings',
    async (to) => {
      expect(await trace('convert', 'good', to, '--to', to)).toMatchObject({ status: 0 });
      const [first, second] = [await trace('view', 'good'), await trace('view', to)];
      expect(second.out).toBe(first.out);
      expect(filesOf(to)).toEqual(filesOf('good'));
      expect(await trace('check', to)).toMatchObject({ status: 0 });
    },
  );

  it('writes traces of one machine as CTF 2 so that readers find one clock in them', async () => {
    const run = join(root, 'run');
    expect(await command(['run', 'traces-by-name.ts', '--trace', run])).toMatchObject({
      status: 0,
    });
    const both = join(root, 'run-ctf2');
    expect(await trace('convert', run, both, '--to', 'ctf2')).toMatchObject({ status: 0 });
    expect(filesOf('run-ctf2')).toEqual(filesOf('run'));
    const clocks = filesOf('run-ctf2')
      .filter((file) => basename(file) === 'metadata')
      .map((file) => /"uid":"[0-9a-f-]{36}"/.exec(readFileSync(join(both, file), 'utf8'))?.[0]);
    expect(clocks.length).toBeGreaterThan(1);
    expect(new Set(clocks).size).toBe(1);
    expect(clocks[0]).toBeDefined();
  });

  it.skipIf(!readsCtf2)(
    'writes traces of one machine as CTF 2 that babeltrace2 reads together (skipped where 2.1 or later is not installed)',
    async () => {
      const run = join(root, 'run-read');
      await command(['run', 'traces-by-name.ts', '--trace', run]);
      const both = join(root, 'run-read-ctf2');
      expect(await trace('convert', run, both, '--to', 'ctf2')).toMatchObject({ status: 0 });
      const found = spawnSync('babeltrace2', [both], { encoding: 'utf8' });
      expect(found.stderr).toBe('');
      const viewed = await trace('view', run);
      expect(found.stdout.split('\n')).toHaveLength(viewed.out.split('\n').length);
    },
  );

  it('writes a stream under another name that lies where index files have to', async () => {
    const odd = join(root, 'odd');
    cpSync(join(root, 'good'), odd, { recursive: true });
    rmSync(join(odd, 'index'), { recursive: true });
    renameSync(join(odd, 'cpu_0'), join(odd, 'index'));
    expect(await trace('convert', 'odd', 'odd-ctf', '--to', 'ctf')).toMatchObject({ status: 0 });
    expect(readdirSync(join(root, 'odd-ctf')).sort()).toEqual([
      'cpu_1',
      'index',
      'metadata',
      'stream_1',
    ]);
    expect((await trace('view', 'odd-ctf')).out).toBe((await trace('view', 'good')).out);
  });

  it('writes over nothing, and into nothing that is not there', async () => {
    writeFileSync(join(root, 'there'), 'mine');
    for (const [out, code] of [
      ['there', 'EEXIST'],
      ['absent/file', 'ENOENT'],
    ])
      expect(await trace('convert', 'good', out!, '--to', 'chrome')).toMatchObject({
        status: 2,
        err: expect.stringMatching(
          new RegExp(`${out}: expected a new file to write to, got ${code}`),
        ) as string,
      });
    expect(readFileSync(join(root, 'there'), 'utf8')).toBe('mine');
    expect(await trace('convert', 'good', 'there', '--to', 'ctf')).toMatchObject({ status: 2 });
    expect(await trace('convert', 'good', 'x')).toMatchObject({ status: 2 });
  });

  it.each(['perfetto', 'chrome'])(
    'leaves no half of a file for %s where the disk is full',
    async (to) => {
      const refuse = vi.spyOn(hostFiles, 'write').mockImplementation(() => {
        throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
      });
      const answer = await trace('convert', 'good', 'full', '--to', to);
      refuse.mockRestore();
      expect(answer).toMatchObject({ status: 2, out: '' });
      expect(answer.err).toMatch(/^rseqlab: .*full: expected a place to write to, got ENOSPC\n$/);
      expect(existsSync(join(root, 'full'))).toBe(false);
    },
  );

  it('keeps what can be read of a trace that is cut, and says so', async () => {
    await trace('convert', 'good', 'cut', '--to', 'ctf');
    const file = join(root, 'cut', 'cpu_0');
    writeFileSync(file, readFileSync(file).subarray(0, -1));
    const { status, out, err } = await trace('convert', 'cut', 'cut.json', '--to', 'chrome');
    expect({ status, out }).toEqual({ status: 1, out: '7 events written to cut.json\n' });
    expect(err).toMatch(/cpu_0, packet 1 at byte \d+, |cpu_0, packet 1 at byte \d+: expected/);
    JSON.parse(readFileSync(join(root, 'cut.json'), 'utf8'));
  });
});
