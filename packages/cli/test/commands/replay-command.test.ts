import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeToken, encodeToken } from '@rseqlab/sim-machine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCENARIOS, command } from '../captured-io.js';

let token = '';
const folder = mkdtempSync(join(tmpdir(), 'replay-'));

beforeAll(async () => {
  const { out } = await command(['check', 'lost-update.ts', '--json']);
  token = (JSON.parse(out) as { token: string }).token;
});

afterAll(() => rmSync(folder, { recursive: true }));

const refused = async (args: readonly string[], line: RegExp) => {
  const { status, out, err } = await command(['replay', ...args]);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(line);
  expect(err.match(/\n/g)).toHaveLength(1);
};

describe('replay', () => {
  it('shows the finding again, with status 1', async () => {
    const { status, out, err } = await command(['replay', token]);
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out).toMatch(/^lost update: fails in this run \(\d+ decisions\)\n/);
    expect(out).toContain('assertion: expected the word to be 2, got 1');
  });

  it('prints the same schedule as the check did', async () => {
    const checked = await command(['check', 'lost-update.ts']);
    const replayed = await command(['replay', token]);
    const schedule = /\nstep [^]*?\n\n/;
    expect(schedule.exec(replayed.out)?.[0]).toBe(schedule.exec(checked.out)?.[0]);
  });

  it('prints JSON', async () => {
    const { status, out } = await command(['replay', token, '--json']);
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'fails',
      scenario: 'lost update',
      kernelEvents: 0,
      token,
      finding: { kind: 'assertion' },
    });
  });

  it('takes the scenario from another place', async () => {
    const copy = join(folder, 'copy.ts');
    cpSync(join(SCENARIOS, 'lost-update.ts'), copy);
    expect((await command(['replay', token, copy])).status).toBe(1);
  });
});

describe('replay refuses', () => {
  it('what is no token', () =>
    refused(['hello'], /^rseqlab: expected a replay token "rseqlab1:\.\.\.", got "hello"\n$/));

  it('a token of another version', () =>
    refused([token.replace('rseqlab1:', 'rseqlab9:')], /expected .* version 1, got version 9/));

  it('a token that was cut', () => refused([token.slice(0, -1)], /cut or edited/));

  it('a token that was edited', () =>
    refused([token.replace('lost-update', 'last-update')], /cut or edited/));

  it('a token of another scenario', () =>
    refused([token, 'holds.ts'], /expected a token of this scenario and configuration/));

  it('a token of another configuration', () =>
    refused([token, '--memory', 'tso'], /expected a token of this scenario and configuration/));

  it('a token of an older text of the scenario', () => {
    const edited = join(folder, 'edited.ts');
    const text = readFileSync(join(SCENARIOS, 'lost-update.ts'), 'utf8');
    writeFileSync(edited, text.replace('value + 1', 'value + 2'));
    return refused([token, edited], /expected a token of this scenario and configuration/);
  });

  it('a token whose scenario is not there', () => {
    const record = decodeToken(token);
    return refused(
      [encodeToken({ ...record, scenario: 'gone.ts' })],
      /^rseqlab: gone\.ts: expected a scenario file, got no such file\n$/,
    );
  });

  it('decisions that the scenario does not come to', () => {
    const record = decodeToken(token);
    const decisions = Uint32Array.of(0x0fff0001);
    return refused(
      [encodeToken({ ...record, decisions })],
      /^rseqlab: lost-update\.ts: expected the scenario to be what it was when the run was recorded/,
    );
  });
});
