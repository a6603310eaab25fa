// The benchmarks' command line; see README.md.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { BENCHMARKS } from './benchmarks/benchmarks.js';
import type { Benchmark } from './benchmarks/benchmark.js';
import { ForkedContestant } from './measure/forked-contestant.js';
import { checkPlotFile, writePlots } from './plot/plot-file.js';
import { hostNote } from './report/host-note.js';
import { hostText, reportText } from './report/report-text.js';
import type { Report } from './report/report.js';
import type { TableReport } from './report/table-report.js';
import { tableText } from './report/table-text.js';
import { CYardstick } from './yardstick/c-yardstick.js';

const NAMES = BENCHMARKS.map(({ name }) => name);
const USAGE = `usage: npm run bench -- [${NAMES.join('|')} ...] [--rounds N] [--json] [--enforce] [--plot FILE]

Without names all benchmarks run.
--rounds N   rounds that count, 1 or more; default 9
--json       the reports as JSON
--enforce    exit with 1 when a ratio is below what is wanted
--plot FILE  writes what can be drawn to FILE: its first picture as .svg, all as .html`;

interface Command {
  readonly chosen: readonly Benchmark[];
  readonly rounds: number;
  readonly json: boolean;
  readonly enforce: boolean;
  readonly plot: string | undefined;
}

function command(): Command {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '9' },
      json: { type: 'boolean', default: false },
      enforce: { type: 'boolean', default: false },
      plot: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const unknown = positionals.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`expected benchmarks of ${NAMES.join(', ')}, got ${unknown.join(', ')}`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new RangeError(`expected --rounds of 1 or more, got ${values.rounds}`);
  const chosen = BENCHMARKS.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  const { json, enforce, plot } = values;
  if (plot !== undefined) checkPlotFile(plot);
  return { chosen, rounds, json, enforce, plot };
}

async function run({ chosen, rounds, json }: Command): Promise<readonly (Report | TableReport)[]> {
  const host = hostNote();
  const player = new URL('./contestant.js', import.meta.url);
  const yardstick = new CYardstick(fileURLToPath(new URL('../yardstick/', import.meta.url)));
  const reports: (Report | TableReport)[] = [];
  if (!json) console.log(`${hostText(host)}\n`);
  try {
    for (const benchmark of chosen) {
      const contestant = (name: string): ForkedContestant =>
        new ForkedContestant(`${benchmark.name}/${name}`, name, player);
      for (const report of await benchmark.measure({ rounds, yardstick, contestant })) {
        reports.push(report);
        if (!json) console.log('head' in report ? tableText(report) : reportText(report));
      }
    }
  } finally {
    yardstick.close();
  }
  if (json) console.log(JSON.stringify({ host, rounds, reports }, undefined, 2));
  return reports;
}

try {
  const wanted = command();
  const reports = await run(wanted);
  if (wanted.plot !== undefined)
    writePlots(
      resolve(process.env['INIT_CWD'] ?? '.', wanted.plot),
      reports.flatMap((report) => ('plot' in report ? [report.plot] : [])),
    );
  const missed = reports.some(({ rows }) => rows.some(({ passed }) => passed === false));
  if (missed && wanted.enforce) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
