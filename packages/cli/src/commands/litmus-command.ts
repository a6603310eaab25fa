import { setImmediate } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { LitmusSearch, SEARCHED_MODELS } from '@rseqlab/explorer';
import type { SearchedModel } from '@rseqlab/explorer';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';
import { jsonText } from '../jobs/json-text.js';
import { readExpectedTable } from '../litmus/expected-table.js';
import { judgeFile } from '../litmus/judged-test.js';
import { findLitmusFiles } from '../litmus/litmus-files.js';
import { litmusText } from '../litmus/litmus-text.js';
import type { LitmusRow } from '../litmus/litmus-text.js';
import { terminalPaint } from '../terminal-paint.js';

interface LitmusOptions {
  readonly model: readonly SearchedModel[];
  readonly expect?: string;
  readonly json?: true;
}

/** `rseqlab litmus PATHS...`: verdicts and final states of litmus tests. */
export function litmusCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('litmus')
    .description('run litmus tests in the X86_64 format of herd in every interleaving')
    .argument('<paths...>', 'litmus files, or folders with *.litmus files at any depth')
    .option(
      '--model <models>',
      `memory models, one or several with commas: ${SEARCHED_MODELS.join(', ')}`,
      modelsIn,
      ['tso'] as const,
    )
    .option('--expect <table>', 'table of expected results, whose rows name files relative to it')
    .option('--json', 'print JSON')
    .action(async (paths: string[], options: LitmusOptions) => {
      ended(await runLitmus(paths, options, io));
    });
}

async function runLitmus(
  paths: readonly string[],
  { model, expect, json }: LitmusOptions,
  io: CommandIo,
): Promise<number> {
  const { folder } = io;
  const table = expect === undefined ? undefined : readExpectedTable(expect, folder);
  const { files, complaints } = findLitmusFiles(paths, folder);
  let refused = complaints.length;
  let endless = 0;
  for (const complaint of complaints) io.err(`${complaint}\n`);
  const results: { readonly model: SearchedModel; readonly rows: readonly LitmusRow[] }[] = [];
  for (const searched of model) {
    const search = new LitmusSearch(searched);
    const rows: LitmusRow[] = [];
    const progress = io.startProgress(`${files.length} litmus tests under ${searched}`);
    try {
      for (const [index, file] of files.entries()) {
        progress.update(`${index + 1} of ${files.length} litmus tests: ${file}`);
        // Lets the progress be drawn and Ctrl-C be noticed.
        await setImmediate();
        const judgement = judgeFile(file, folder, search, table);
        if ('complaint' in judgement) {
          // What is wrong with a file is the same under every model.
          if (searched === model[0]) io.err(`${judgement.complaint}\n`);
          refused += 1;
          continue;
        }
        rows.push(judgement);
        if (judgement.complete) continue;
        io.err(`${file}: expected a test with an end, got one that reached a bound\n`);
        endless += 1;
      }
    } finally {
      progress.stop();
    }
    results.push({ model: searched, rows });
  }
  const style = { paint: terminalPaint(io.isColored), isTable: io.isTerminal };
  const data = results.map(({ model: searched, rows }) => ({
    model: searched,
    tests: rows.map(({ test }) => test),
  }));
  io.out(
    json === true
      ? jsonText(data.length === 1 ? data[0] : { models: data })
      : results.map(({ model: searched, rows }) => litmusText(rows, searched, style)).join(''),
  );
  if (refused > 0) return ExitStatus.BadUse;
  if (data.some(({ tests }) => tests.some(({ agrees }) => agrees === false)))
    return ExitStatus.Finding;
  return endless > 0 ? ExitStatus.Bound : ExitStatus.Holds;
}

/** The models that a list with commas names, each once. */
function modelsIn(list: string): readonly SearchedModel[] {
  const names = [...new Set(list.split(','))];
  for (const name of names)
    if (!SEARCHED_MODELS.some((known) => known === name))
      throw new InvalidArgumentError(`expected ${SEARCHED_MODELS.join(', ')}, got '${name}'.`);
  return names as SearchedModel[];
}
