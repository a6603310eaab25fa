// The stage "torture" of npm test: every flavour of RCU under every memory model, so many executions of each.
//   --report FILE        write how many passed and failed, as a test run does
//   RSEQLAB_TORTURE=N    N times as many executions (default 1)
//   RSEQLAB_SEED=N       other executions (default 1)
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { plural } from '@rseqlab/explorer';
import { tuneEngine } from '../../src/engine-flags.js';
import { terminalProgress } from '../../src/terminal-progress.js';
import { tortureProgram } from '../../src/torture/torture-programs.js';
import { tortureTable } from '../../src/torture/torture-text.js';
import type { TortureCell } from '../../src/torture/torture-text.js';
import { torture } from '../../src/torture/torture.js';
import { allTortures, complaintsOf } from './torture-cells.js';

/** Executions of a flavour under a model. */
const EXECUTIONS = 200;

function variable(name: string): number {
  const text = process.env[name] ?? '1';
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`expected ${name} to be an integer from 1 on, got ${JSON.stringify(text)}`);
  return value;
}

async function tortureAll(executions: number, seed: number): Promise<readonly TortureCell[]> {
  const cells: TortureCell[] = [];
  const identities = allTortures(seed);
  const progress = terminalProgress(process.stderr, 'torture');
  for (const [n, identity] of identities.entries()) {
    const what = `${identity.name} under ${identity.memory} (${n + 1} of ${identities.length})`;
    progress.update(what);
    const beganMs = performance.now();
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
    cells.push({ ...identity, report, timeMs: performance.now() - beganMs });
  }
  progress.stop();
  return cells;
}

/** Returns whether nothing was found. */
async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { report: { type: 'string' } } });
  const executions = EXECUTIONS * variable('RSEQLAB_TORTURE');
  const cells = await tortureAll(executions, variable('RSEQLAB_SEED'));
  const complaints = cells.map(complaintsOf);
  const failed = complaints.filter((lines) => lines.length > 0).length;
  console.log(tortureTable(cells));
  const seconds = cells.reduce((sum, { timeMs }) => sum + timeMs, 0) / 1000;
  const all = cells.reduce((sum, { report }) => sum + report.executions, 0);
  console.log(`${plural(all, 'execution')}, ${(all / seconds).toFixed(0)} a second`);
  for (const line of complaints.flat()) console.log(line);
  if (values.report !== undefined)
    writeFileSync(
      values.report,
      JSON.stringify({ numPassedTests: cells.length - failed, numFailedTests: failed }),
    );
  return failed === 0;
}

tuneEngine('search');
try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
