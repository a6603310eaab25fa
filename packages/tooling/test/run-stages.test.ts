import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runStages, summaryOf, totalOf } from '../../../scripts/run-stages.mjs';
import type { Stage } from '../../../scripts/stages.mjs';

const root = mkdtempSync(join(tmpdir(), 'stages-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const stage = (name: string, script: string, more: Partial<Stage> = {}): Stage => ({
  name,
  command: [process.execPath, '-e', script],
  ...more,
});

async function run(
  stages: readonly Stage[],
): Promise<{ log: readonly string[]; results: Awaited<ReturnType<typeof runStages>> }> {
  const log: string[] = [];
  const results = await runStages(stages, {
    root,
    logs: 'logs',
    slots: 2,
    onStart: ({ name }) => log.push(`start ${name}`),
    onEnd: ({ name }) => log.push(`end ${name}`),
  });
  return { log, results };
}

const writeReport = (tests: object): string =>
  `require('fs').writeFileSync('report.json', ${JSON.stringify(JSON.stringify(tests))});`;

describe('runStages', () => {
  it('runs all stages although one fails, and counts both kinds', async () => {
    const { results } = await run([
      stage('bad', 'console.log("why it failed"); process.exit(3)'),
      stage('good', '0'),
      stage('later', '0', { after: ['bad'] }),
    ]);
    expect(results.map(({ name }) => name).sort()).toEqual(['bad', 'good', 'later']);
    expect(results.find(({ name }) => name === 'bad')).toMatchObject({
      ok: false,
      output: 'why it failed\n',
    });
    expect(totalOf(results)).toEqual({ passed: 2, failed: 1, skipped: 0 });
  });

  it('keeps the whole output of a stage in a log', async () => {
    await run([stage('talkative', 'console.log("out"); console.error("err")')]);
    expect(readFileSync(join(root, 'logs/talkative.log'), 'utf8')).toMatch(/out[^]*err|err[^]*out/);
  });

  it('starts a stage only when those before it have ended', async () => {
    const { log } = await run([
      stage('second', '0', { after: ['first'] }),
      stage('first', 'setTimeout(() => 0, 100)'),
    ]);
    expect(log).toEqual(['start first', 'end first', 'start second', 'end second']);
  });

  it('runs two stages at a time, but nothing beside one that is alone', async () => {
    const wait = 'setTimeout(() => 0, 100)';
    const { log } = await run([
      stage('a', wait),
      stage('b', wait),
      stage('c', wait),
      stage('alone', wait, { alone: true }),
    ]);
    expect(log.slice(0, 2)).toEqual(['start a', 'start b']);
    expect(log.slice(-2)).toEqual(['start alone', 'end alone']);
  });

  it('counts the tests of a report instead of the stage', async () => {
    const tests = { numPassedTests: 7, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 };
    const script = `${writeReport(tests)} process.exit(1)`;
    const { results } = await run([stage('tests', script, { report: 'report.json' })]);
    expect(totalOf(results)).toEqual({ passed: 7, failed: 2, skipped: 2 });
  });

  it('counts one failure when tests fail outside of any test', async () => {
    const script = `${writeReport({ numPassedTests: 7, numFailedTests: 0 })} process.exit(1)`;
    const { results } = await run([stage('tests', script, { report: 'report.json' })]);
    expect(totalOf(results)).toEqual({ passed: 7, failed: 1, skipped: 0 });
  });

  it('counts one failure when there is no report, even an old one', async () => {
    const { results } = await run([stage('tests', '0', { report: 'report.json' })]);
    expect(totalOf(results)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('ends a stage that runs longer than its limit', async () => {
    const { results } = await run([stage('hangs', 'for (;;);', { limitMinutes: 0.005 })]);
    expect(results[0]).toMatchObject({ ok: false });
    expect(results[0]?.output).toContain('ended: it ran longer than 0.005 minutes');
  });

  it('fails a stage whose program does not exist', async () => {
    const { results } = await run([{ name: 'absent', command: ['no-such-program'] }]);
    expect(results[0]).toMatchObject({ ok: false });
  });

  it('refuses stages that wait for each other', async () => {
    await expect(run([stage('a', '0', { after: ['a'] })])).rejects.toThrow(
      'stages wait for each other: a',
    );
  });
});

describe('summaryOf', () => {
  it('names what was skipped only when something was', () => {
    expect(summaryOf({ passed: 3, failed: 1, skipped: 0 })).toBe('3 passed, 1 failed');
    expect(summaryOf({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});
