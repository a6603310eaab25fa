import { UnitLedger, plural, shardUnits } from '@rseqlab/explorer';
import { Command, InvalidArgumentError } from 'commander';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';
import { Checkpoint } from '../units/checkpoint.js';
import { doLedger } from '../units/do-ledger.js';
import { RESULT_FILE, openPlan } from '../units/open-plan.js';
import { workersOption } from '../units/long-run-options.js';
import { naming } from '../units/plan-file.js';

/** One of so many parts of a plan. */
interface Shard {
  readonly index: number;
  readonly count: number;
}

/** `rseqlab shard PLAN I/N RESULT`: a part of a plan, to be merged with the others. */
export function shardCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('shard')
    .description('do a part of the work of a plan that --plan wrote; anywhere, in any order')
    .argument('<plan>', 'plan file')
    .argument('<part>', 'which part, such as 1/4: the first of four', readShard)
    .argument('<result>', 'file to write the results to; goes on from it if it exists')
    .addOption(workersOption())
    .action(
      async (file: string, shard: Shard, result: string, options: { readonly workers: number }) => {
        ended(await doShard({ file, shard, result, ...options }, io));
      },
    );
}

interface ShardJob {
  readonly file: string;
  readonly shard: Shard;
  readonly result: string;
  readonly workers: number;
}

async function doShard({ file, shard, result, workers }: ShardJob, io: CommandIo): Promise<number> {
  const { index, count } = shard;
  return openPlan(file, { workers, json: false }, io, async (crew, { identity, units }) => {
    const ledger = new UnitLedger(naming(file, () => shardUnits(units, index, count)));
    const checkpoint = new Checkpoint(result, io.folder, { identity, ledger, what: RESULT_FILE });
    const what = `shard ${index} of ${count}`;
    const stop = await doLedger({ crew, workers, ledger, checkpoint, what }, io);
    if (stop === undefined) {
      io.out(`${result}: ${what}, ${plural(ledger.done, 'unit')}\n`);
      return ExitStatus.Holds;
    }
    io.err(`rseqlab: ${stop.message}; the same command goes on from ${result}\n`);
    return stop.status;
  });
}

function readShard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (index === undefined || count === undefined)
    throw new InvalidArgumentError(`expected a part such as 1/4, got '${text}'.`);
  return { index: Number(index), count: Number(count) };
}
