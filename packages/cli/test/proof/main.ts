// Measures what docs/urcu-proof.md says of the Linux kernel's litmus tests: npm run proof -- lkmm [OPTION...]
//   --times N        search N times as far (default 1: about ten minutes of two cores)
//   --workers N      threads to work with (default 2)
//   --resume FILE    keep what is done in this file, and go on from it
//   --tests FOLDER   the tests, with expected.tsv (default ../shared/litmus/lkmm)
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Piscina } from 'piscina';
import { plural } from '@rseqlab/explorer';
import { tuneEngine } from '../../src/engine-flags.js';
import type { TriedFile } from '../../src/litmus/tried-test.js';
import { terminalProgress } from '../../src/terminal-progress.js';
import { searchLkmmMatrix } from './lkmm-matrix.js';
import type { LkmmCell } from './lkmm-matrix.js';
import { MATRIX_HEAD, matrixRow, sometimesRows, tallyOf } from './lkmm-table.js';

/** The only table there is here; it is named as those of other packages are. */
const TABLE = 'lkmm';

const WORKER = fileURLToPath(new URL('./lkmm-worker.js', import.meta.url));

interface ProofOptions {
  readonly folder: string;
  readonly times: number;
  readonly workers: number;
  readonly resume: string | undefined;
}

function optionsOf(parameters: readonly string[]): ProofOptions {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      times: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      resume: { type: 'string' },
      tests: { type: 'string', default: '../shared/litmus/lkmm' },
    },
  });
  const others = positionals.filter((name) => name !== TABLE);
  if (others.length > 0) throw new Error(`expected ${TABLE}, got ${others.join(', ')}`);
  const { times, workers, resume, tests: folder } = values;
  if (!existsSync(join(folder, 'expected.tsv')))
    throw new Error(`${folder}: expected a folder of tests with expected.tsv, got none`);
  return { folder, times: positive(times), workers: Math.ceil(positive(workers)), resume };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity))
    throw new Error(`expected a number above 0, got ${JSON.stringify(text)}`);
  return value;
}

function markdown(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const line = (cells: readonly unknown[]): string => `| ${cells.map(String).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** What has to be looked at: tests that disagree, and those that drew less than they were to. */
function complaintsOf(cell: LkmmCell): readonly string[] {
  const { disagreeing, cut } = tallyOf(cell);
  const place = `with ${cell.flavour} under ${cell.model}`;
  return [
    ...disagreeing.map(
      ({ file, verdict, expected }) =>
        `${file}: expected ${expected?.verdict ?? '?'} ${place}, got ${verdict}`,
    ),
    ...cut.map(
      ({ file, samples = 0 }) =>
        `${file}: expected ${plural(2 * cell.bounds.samples, 'execution')} ${place}, got ${samples}`,
    ),
  ];
}

/** Searches all there is, shows how far it has come, and prints the tables. Returns whether all is well. */
async function prove({ workers, ...options }: ProofOptions): Promise<boolean> {
  const pool = new Piscina({
    filename: WORKER,
    name: 'searchTest',
    minThreads: workers,
    maxThreads: workers,
    recordTiming: false,
  });
  const progress = terminalProgress(process.stderr, TABLE);
  let tests = 0;
  const cells: LkmmCell[] = [];
  try {
    const search = async (task: object): Promise<TriedFile> => {
      const tried = (await pool.run(task)) as TriedFile;
      tests += 1;
      progress.update(`${TABLE}: ${plural(tests, 'test')} searched`);
      return tried;
    };
    await searchLkmmMatrix({ ...options, search }, (cell) => {
      cells.push(cell);
      console.error(matrixRow(cell).join('  '));
    });
  } finally {
    progress.stop();
    await pool.destroy();
  }
  const models = [...new Set(cells.map(({ model }) => model))];
  console.log(`${markdown(MATRIX_HEAD, cells.map(matrixRow))}\n`);
  console.log(markdown(['may be', ...models], sometimesRows(cells)));
  const complaints = cells.flatMap(complaintsOf);
  for (const line of complaints) console.error(line);
  return complaints.length === 0;
}

tuneEngine('search');
try {
  process.exitCode = (await prove(optionsOf(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
