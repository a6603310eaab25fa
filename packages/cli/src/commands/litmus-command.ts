import { setImmediate } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { SEARCHED_MODELS } from '@rseqlab/explorer';
import type { SearchedModel } from '@rseqlab/explorer';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';
import { jsonText } from '../jobs/json-text.js';
import { readExpectedTable } from '../litmus/expected-table.js';
import type { JudgedTest } from '../litmus/judged-test.js';
import { LitmusJudge } from '../litmus/litmus-judge.js';
import { findLitmusFiles } from '../litmus/litmus-files.js';
import { litmusText } from '../litmus/litmus-text.js';
import type { LitmusRow } from '../litmus/litmus-text.js';
import { terminalPaint } from '../terminal-paint.js';

interface LitmusOptions {
  readonly model: SearchedModel;
  readonly expect?: string;
  readonly json?: true;
}

/** `rseqlab litmus PATHS...`: verdicts and final states of litmus tests. */
export function litmusCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('litmus')
    .description('run litmus tests in the X86_64 and C formats of herd in every interleaving')
    .argument('<paths...>', 'litmus files, or folders with *.litmus files at any depth')
    .addOption(
      new Option('--model <model>', 'memory model').choices(SEARCHED_MODELS).default('tso'),
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
  const judge = new LitmusJudge(model, table);
  const rows: LitmusRow[] = [];
  let refused = complaints.length;
  let endless = 0;
  for (const complaint of complaints) io.err(`${complaint}\n`);
  const progress = io.startProgress(`${files.length} litmus tests`);
  try {
    for (const [index, file] of files.entries()) {
      progress.update(`${index + 1} of ${files.length} litmus tests: ${file}`);
      // Lets the progress be drawn and Ctrl-C be noticed.
      await setImmediate();
      const judgement = judge.judge(file, folder);
      if ('complaint' in judgement) {
        io.err(`${judgement.complaint}\n`);
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
  io.out(
    json === true
      ? jsonText({ model, tests: rows.map(({ test }) => test) })
      : litmusText(rows, model, { paint: terminalPaint(io.isColored), isTable: io.isTerminal }),
  );
  if (refused > 0) return ExitStatus.BadUse;
  if (rows.some(({ test }) => isFinding(test))) return ExitStatus.Finding;
  return endless > 0 ? ExitStatus.Bound : ExitStatus.Holds;
}

/** A test that disagrees with its table; without a table, one that deadlocks or breaks a rule. */
function isFinding({ agrees, deadlock, misuses }: JudgedTest): boolean {
  return agrees === undefined ? (deadlock ?? misuses) !== undefined : !agrees;
}
