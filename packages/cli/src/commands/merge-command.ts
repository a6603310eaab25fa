import { mergeResults, requireIdentity } from '@rseqlab/explorer';
import { Command } from 'commander';
import type { CommandIo } from '../command-io.js';
import { concludeUnits } from '../units/launch-units.js';
import { RESULT_FILE, openPlan } from '../units/open-plan.js';
import { naming, readResults } from '../units/plan-file.js';

interface MergeOptions {
  readonly json?: boolean;
}

/** `rseqlab merge PLAN RESULTS...`: what the parts of a plan come to. */
export function mergeCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('merge')
    .description('put the results of all parts of a plan together: what the command itself prints')
    .argument('<plan>', 'plan file')
    .argument('<results...>', 'result files of its parts')
    .option('--json', 'print JSON')
    .action(async (file: string, results: string[], { json = false }: MergeOptions) => {
      ended(await merge(file, results, json, io));
    });
}

async function merge(
  file: string,
  results: readonly string[],
  json: boolean,
  io: CommandIo,
): Promise<number> {
  return openPlan(file, { workers: 1, json }, io, async (crew, plan) => {
    const saved = results.map((name) => ({ name, ...readResults(name, io.folder, RESULT_FILE) }));
    for (const { name, identity } of saved)
      naming(name, () => requireIdentity(identity, plan.identity, RESULT_FILE));
    const ledger = naming(results.join(', '), () => mergeResults(plan, saved, RESULT_FILE));
    const status = await concludeUnits(crew, ledger, io);
    const { missing, known } = ledger;
    if (missing > 0) io.err(`rseqlab: incomplete: ${missing} of ${known} units are missing\n`);
    return status;
  });
}
