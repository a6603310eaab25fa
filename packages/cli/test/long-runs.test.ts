import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireBuild, run, start } from './started-command.js';
import type { Ended, Started } from './started-command.js';

const TESTS = 3;
const UNITS = 2 * TESTS;
const folder = mkdtempSync(join(tmpdir(), 'long-runs-'));

/** Four threads that store, and three that load: a second of work, so that a run is caught in the middle. */
const test = (name: string): string => `X86_64 ${name}
{ w=0; x=0; y=0; z=0; }
 P0            | P1            | P2            | P3            ;
 movq $1,(x)   | movq $1,(y)   | movq $1,(z)   | movq $1,(w)   ;
 movq $2,(y)   | movq $2,(z)   | movq $2,(w)   | movq $2,(x)   ;
 movq (z),%rax | movq (w),%rax | movq (x),%rax |               ;
exists (0:rax=0 /\\ 1:rax=0 /\\ 2:rax=0)
`;

const args = (...more: readonly string[]) => ['litmus', 'tests', '--model', 'sc,tso', ...more];
const litmus = (...more: readonly string[]) => run(args(...more), {}, folder);
let whole: Ended;

beforeAll(async () => {
  requireBuild();
  mkdirSync(join(folder, 'tests'));
  for (let i = 0; i < TESTS; i++) writeFileSync(join(folder, `tests/T${i}.litmus`), test(`T${i}`));
  whole = await litmus('--json');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts a run and waits until it has kept a result; all of them it cannot have by then. */
async function begun(resume: string, ...more: readonly string[]): Promise<Started> {
  const started = start(args('--json', '--resume', resume, ...more), {}, folder);
  while (kept(resume) < 1) await setTimeout(5);
  return started;
}

/** Results in a resume file. */
function kept(resume: string): number {
  const path = join(folder, resume);
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 3 : 0;
}

describe('a long run of the built command', () => {
  it('prints the same with any number of workers', async () => {
    expect(whole).toMatchObject({ status: 0, err: '' });
    expect(JSON.parse(whole.out)).toMatchObject({ models: [{ model: 'sc' }, { model: 'tso' }] });
    expect(await litmus('--json', '--workers', '3')).toEqual(whole);
  });

  it('stopped by Ctrl-C, prints what is known, and goes on from there to the same end', async () => {
    const started = await begun('stopped', '--workers', '2');
    started.interrupt();
    const { status, out, err } = await started.ended;
    expect(status).toBe(130);
    expect(err).toMatch(
      /^rseqlab: interrupted with \d+ of 6 units done; the same command goes on from stopped\n$/,
    );
    const { missing } = JSON.parse(out) as { missing: number };
    expect(missing).toBe(UNITS - kept('stopped'));
    expect(await litmus('--json', '--resume', 'stopped')).toEqual(whole);
  });

  it('killed, goes on from what it kept to the same end', async () => {
    const started = await begun('killed');
    started.kill();
    expect((await started.ended).status).toBeNull();
    expect(kept('killed')).toBeLessThan(UNITS);
    expect(await litmus('--json', '--resume', 'killed', '--workers', '2')).toEqual(whole);
  });

  it('does not go on when a test was changed since', async () => {
    writeFileSync(join(folder, 'changed.litmus'), test('before'));
    const changed = () => run(['litmus', 'changed.litmus', '--resume', 'changed'], {}, folder);
    expect((await changed()).status).toBe(0);
    writeFileSync(join(folder, 'changed.litmus'), test('after'));
    expect(await changed()).toMatchObject({
      status: 2,
      out: '',
      err: expect.stringMatching(
        /^rseqlab: changed: expected a resume file of these files as they are now/,
      ) as string,
    });
  });
});

describe('a check by the built command', () => {
  it.each([
    ['random', ['--executions', '300']],
    ['classes', ['--kernel-events', '1']],
    ['graphs', ['--kernel-events', '0']],
    ['graphs', ['--memory', 'weak']],
  ])('by %s prints the same with any number of workers', async (search, more) => {
    const check = (...workers: readonly string[]) =>
      run(['check', 'lost-update.ts', '--json', '--search', search, ...more, ...workers]);
    const one = await check();
    expect(one).toMatchObject({ status: 1, err: '' });
    expect(await check('--workers', '3')).toEqual(one);
  });

  it('by graphs with kernel events comes to the same with workers that share what they came to, and goes on', async () => {
    const checking = ['check', 'holds.ts', '--json'];
    const kept = join(folder, 'graphs');
    const whole = await run(checking);
    expect(whole).toMatchObject({ status: 0, err: '' });
    expect(await run([...checking, '--workers', '2', '--resume', kept])).toEqual(whole);
    expect(await run([...checking, '--resume', kept])).toEqual(whole);
  });

  it('by states comes to the same with workers that go on where others were killed', async () => {
    const kept = join(folder, 'states');
    const checking = [
      'check',
      'many-states.ts',
      '--json',
      '--search',
      'states',
      '--kernel-events',
      '2',
    ];
    const whole = await run(checking);
    expect(whole).toMatchObject({ status: 3, err: '' });
    const killed = start([...checking, '--workers', '2', '--resume', kept]);
    while (!existsSync(kept)) await setTimeout(5);
    killed.kill();
    await killed.ended;
    expect(await run([...checking, '--workers', '3', '--resume', kept])).toEqual(whole);
    const refused = await run([...checking, '--fingerprint', '128', '--resume', kept]);
    expect(refused).toMatchObject({ status: 2, out: '' });
    expect(refused.err).toContain('expected a resume file of the same options');
    const reduced = await run([...checking, '--reduce']);
    expect(reduced).not.toEqual(whole);
    expect(await run([...checking, '--reduce', '--workers', '2'])).toEqual(reduced);
  });

  const dying = ['check', 'ends-its-worker.ts', '--search', 'random', '--executions', '120'];

  it('goes on with another worker when one dies', async () => {
    const marker = join(folder, 'dead');
    const { status, out, err } = await run(dying, { DEATH_MARKER: marker });
    expect(existsSync(marker)).toBe(true);
    expect({ status, err }).toEqual({ status: 3, err: '' });
    expect(out).toContain('120 executions');
  });

  it('ends with status 4 when two workers die over the same unit', async () => {
    const { status, out, err } = await run(dying);
    expect({ status, out }).toEqual({ status: 4, out: '' });
    expect(err).toMatch(
      /^rseqlab: expected the worker of unit 0 to live, got exit\(9\) twice: stopped.* with 0 of 3 units done/,
    );
  });
});
