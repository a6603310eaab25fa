import { describe, expect, it } from 'vitest';
import { CommandError } from '../src/command-error.js';
import { command } from './captured-io.js';

const refusal = (line: string) => ({ status: 2, out: '', err: `rseqlab: ${line}\n` });

describe('the command', () => {
  it('lists its commands and its exit statuses', async () => {
    const { status, out, err } = await command(['--help']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    for (const name of ['run', 'check', 'replay', 'debug', 'litmus', 'Exit status'])
      expect(out).toContain(name);
  });

  it.each(['run', 'check', 'replay', 'debug', 'litmus'])('explains %s', async (name) => {
    const { status, out } = await command([name, '--help']);
    expect(status).toBe(0);
    expect(out).toMatch(new RegExp(`^Usage: rseqlab ${name} `));
    expect(out).toContain('--json');
  });

  it('prints its version', async () => {
    expect(await command(['--version'])).toMatchObject({ status: 0, out: '0.0.0\n' });
  });

  it('explains itself when it is not told what to do', async () => {
    const { status, err } = await command([]);
    expect(status).toBe(2);
    expect(err).toMatch(/^Usage: rseqlab/);
  });
});

describe('wrong arguments are refused in one line', () => {
  it.each([
    [['dance'], "unknown command 'dance'"],
    [['check'], "missing required argument 'files'"],
    [['debug', 'a.ts', 'b.ts'], "too many arguments for 'debug'. Expected 1 argument but got 2."],
    [['check', 'holds.ts', '--jsn'], "unknown option '--jsn' (Did you mean --json?)"],
    [
      ['check', 'holds.ts', '--kernel-events', 'many'],
      "option '--kernel-events <n>' argument 'many' is invalid. expected an integer from 0 to 1000000, got 'many'.",
    ],
    [
      ['check', 'holds.ts', '--executions', '0'],
      "option '--executions <n>' argument '0' is invalid. expected an integer from 1 to 9007199254740991, got '0'.",
    ],
    [
      ['check', 'holds.ts', '--memory', 'pso'],
      "option '--memory <model>' argument 'pso' is invalid. Allowed choices are sc, tso, weak.",
    ],
    [
      ['run', 'holds.ts', '--director', 'dice'],
      "option '--director <name>' argument 'dice' is invalid. Allowed choices are timed, random.",
    ],
    [
      ['run', 'holds.ts', '--seed', '1.5'],
      "option '--seed <n>' argument '1.5' is invalid. expected an integer from -2147483648 to 4294967295, got '1.5'.",
    ],
    [
      ['litmus', 'SB.litmus', '--model', 'pso'],
      "option '--model <model>' argument 'pso' is invalid. Allowed choices are sc, tso, weak.",
    ],
    [['litmus'], "missing required argument 'paths'"],
    [['replay'], "missing required argument 'token'"],
  ])('%j', async (args, line) => {
    expect(await command(args)).toMatchObject(refusal(line));
  });

  it('a watchdog that is no number', async () => {
    const environment = { RSEQLAB_WATCHDOG_MS: 'soon' };
    expect(await command(['check', 'holds.ts'], { environment })).toMatchObject(
      refusal("expected RSEQLAB_WATCHDOG_MS to be a positive number of milliseconds, got 'soon'"),
    );
  });
});

describe('a job that ends without a result', () => {
  it('ends the command with its line and status', async () => {
    const runJob = () => Promise.reject(new CommandError('interrupted', 130));
    expect(await command(['run', 'holds.ts'], { runJob })).toMatchObject({
      status: 130,
      err: 'rseqlab: interrupted\n',
    });
  });

  it('is a defect when it is no error of ours', async () => {
    const runJob = () => Promise.reject(new TypeError('oops'));
    const { status, err } = await command(['run', 'holds.ts'], { runJob });
    expect(status).toBe(70);
    expect(err).toMatch(
      /^rseqlab: this is a defect of rseqlab, please report it: TypeError: oops\n/,
    );
  });
});
