import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../captured-io.js';
import { freshFolder } from './example-folder.js';

let root: string;
beforeAll(async () => {
  root = freshFolder();
  const run = ['run', 'dies-while-traced.ts', '--trace', join(root, 'run')];
  expect(await command(run)).toMatchObject({ status: 0, err: '' });
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const trace = (...args: readonly string[]) => command(['trace', ...args], { folder: root });

/** A copy of the images of a run. */
function copied(name: string): string {
  cpSync(join(root, 'run', 'shm', 'shop'), join(root, name), { recursive: true });
  return join(root, name, readdirSync(join(root, name))[0]!);
}

describe('rseqlab trace crash', () => {
  it('makes a trace of what a session had in its rings when all of its processes were killed', async () => {
    // Sessions in whose rings there was nothing leave nothing.
    expect(readdirSync(join(root, 'run', 'shm'))).toEqual(['shop']);
    const { status, out, err } = await trace('crash', 'run', 'crash');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const [, events] = /^(\d+) events in \d+ packets of \d rings? written to crash\n/.exec(out)!;
    expect(Number(events)).toBeGreaterThan(10);
    const viewed = await trace('view', 'crash', '--no-delta');
    expect(viewed).toMatchObject({ status: 0, err: '' });
    const ids = [...viewed.out.matchAll(/shop:request: .*\{ id = (\d+), path = "\/\1" \}/g)];
    expect(ids.map(([, id]) => Number(id))).toEqual(Array.from(ids, (_, n) => n));
    expect(ids).toHaveLength(Number(events));
    const allowed = 'sequence-start,discarded-events';
    expect(await trace('check', 'crash', '--allow', allowed)).toMatchObject({ status: 0 });
    // The kernel's trace beside the images is read as before.
    expect(await trace('check', 'run')).toMatchObject({ status: 0 });
  });

  it('makes a trace of one image, and of several sessions one each', async () => {
    const file = copied('one');
    expect(await trace('crash', file, 'of-file')).toMatchObject({ status: 0 });
    for (const name of ['a', 'b'])
      cpSync(join(root, 'one'), join(root, 'two', name), { recursive: true });
    expect(await trace('crash', 'two', 'of-two')).toMatchObject({ status: 0 });
    expect(readdirSync(join(root, 'of-two'))).toEqual(['a', 'b']);
    expect(await trace('view', 'of-two')).toMatchObject({ status: 0 });
  });

  it('recovers the rest where an image is damaged or cut, and says which', async () => {
    const file = copied('cut');
    writeFileSync(`${file}_cut`, readFileSync(file).subarray(0, 1000));
    const { status, out, err } = await trace('crash', 'cut', 'of-cut');
    expect(status).toBe(1);
    expect(err).toMatch(
      /^rseqlab: cut\/main_\d_cut: expected a header, got an image that is cut .*\n$/,
    );
    expect(out).toMatch(/^\d+ events in /);
    expect(await trace('view', 'of-cut')).toMatchObject({ status: 0 });
  });

  it('refuses a folder without images, one that is not there, and one that is used', async () => {
    mkdirSync(join(root, 'empty'));
    writeFileSync(join(root, 'empty', 'file'), 'RSEQLAB');
    for (const [path, out, message] of [
      ['empty', 'x', /^rseqlab: expected a folder with images of rings, .* got empty: no file/],
      [
        'absent',
        'x',
        /^rseqlab: expected a folder with images of rings, got absent, which is not there\n$/,
      ],
      ['run', 'empty', /expected an empty folder to write a trace to/],
      ['run', join('empty', 'file', 'x'), /expected a place to write to, got ENOTDIR/],
    ] as const) {
      const { status, err } = await trace('crash', path, out);
      expect({ path, status }).toEqual({ path, status: 2 });
      expect(err).toMatch(message);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(await trace('crash', 'run')).toMatchObject({ status: 2 });
  });
});
