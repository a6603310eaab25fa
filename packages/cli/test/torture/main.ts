// The stage "torture" of npm test: npm run torture -- [FLAVOUR...] [--report FILE]
// Every flavour of RCU, or those named, under every memory model, so many executions of each.
//   --report FILE        write how many passed and failed, as a test run does
//   RSEQLAB_TORTURE=N    N times as many executions (default 1)
//   RSEQLAB_SEED=N       other executions (default 1)
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { plural } from '@rseqlab/explorer';
import { terminalProgress } from '../../src/terminal-progress.js';
import { TORTURE_NAMES, tortureProgram } from '../../src/torture/torture-programs.js';
import { tortureTable } from '../../src/torture/torture-text.js';
import type { TortureCell } from '../../src/torture/torture-text.js';
import { torture } from '../../src/torture/torture.js';
import { allTortures, complaintsOf } from './torture-cells.js';

/** Executions of a flavour under a model. */
const EXECUTIONS = 150;

function variable(name: string, least: number): number {
  const text = process.env[name] ?? '1';
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new Error(
      `expected ${name} to be an integer${least > 0 ? ` from ${least} on` : ''}, got '${text}'`,
    );
  return value;
}

/** What is wanted of all that there is. */
function identitiesOf(seed: number, names: readonly string[]): ReturnType<typeof allTortures> {
  const unknown = names.filter((name) => !TORTURE_NAMES.some((known) => known === name));
  if (unknown.length > 0)
    throw new Error(
      `expected flavours among ${TORTURE_NAMES.join(', ')}, got ${unknown.join(', ')}`,
    );
  return allTortures(seed).filter(({ name }) => names.length === 0 || names.includes(name));
}

async function tortureAll(
  identities: ReturnType<typeof allTortures>,
  executions: number,
): Promise<readonly TortureCell[]> {
  const cells: TortureCell[] = [];
  const progress = terminalProgress(process.stderr, 'torture');
  for (const [n, identity] of identities.entries()) {
    const what = `${identity.name} under ${identity.memory} (${n + 1} of ${identities.length})`;
    progress.update(what);
    const began = process.cpuUsage();
    const report = await torture(tortureProgram(identity.name), {
      ...identity,
      executions,
      nowMs: () => 0,
      onExecution(now) {
        if (now.executions % 20 === 0)
          progress.update(`${what}: ${plural(now.executions, 'execution')}`);
        return false;
      },
    });
    const cell = { ...identity, report, timeMs: usedMs(began) };
    cells.push(cell);
    console.error([what, ...complaintsOf(cell)].join('\n'));
  }
  progress.stop();
  return cells;
}

/** Processor time since then, in milliseconds. */
function usedMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** Returns whether nothing was found. */
async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { report: { type: 'string' } },
  });
  const executions = EXECUTIONS * variable('RSEQLAB_TORTURE', 1);
  const cells = await tortureAll(
    identitiesOf(variable('RSEQLAB_SEED', -Infinity), positionals),
    executions,
  );
  const failed = cells.filter((cell) => complaintsOf(cell).length > 0).length;
  console.log(tortureTable(cells));
  const seconds = cells.reduce((sum, { timeMs }) => sum + timeMs, 0) / 1000;
  const all = cells.reduce((sum, { report }) => sum + report.executions, 0);
  console.log(`${plural(all, 'execution')}, ${(all / seconds).toFixed(0)} a second of a processor`);
  if (values.report !== undefined) {
    const counts = { numPassedTests: cells.length - failed, numFailedTests: failed };
    mkdirSync(dirname(values.report), { recursive: true });
    writeFileSync(values.report, JSON.stringify(counts));
  }
  return failed === 0;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
