import { Command, Option } from 'commander';
import { MEMORY_MODEL_NAMES } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import type { CommandIo } from '../command-io.js';
import { integerOption } from '../number-option.js';
import { runWatched } from './watch.js';

interface CheckOptions {
  readonly kernelEvents?: number;
  readonly executions?: number;
  readonly memory?: MemoryModelName;
  readonly json?: boolean;
}

/** `rseqlab check FILE`: every interleaving of a scenario. */
export function checkCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('check')
    .description('take every interleaving of a scenario and report what goes wrong')
    .argument('<file>', 'scenario: a TypeScript file that exports one as its default')
    .option(
      '--kernel-events <n>',
      'most preemptions, migrations, ... on one path (default: any number)',
      integerOption(0, 1_000_000),
    )
    .option(
      '--executions <n>',
      'give up after so many executions (default: 1000000)',
      integerOption(1, Number.MAX_SAFE_INTEGER),
    )
    .addOption(
      new Option('--memory <model>', "memory model (default: the scenario's)").choices(
        MEMORY_MODEL_NAMES,
      ),
    )
    .option('--json', 'print JSON')
    .action(async (file: string, { json = false, ...options }: CheckOptions) => {
      const { folder, isColored } = io;
      const job = { command: 'check', file, folder, json, isColored, ...options } as const;
      ended(await runWatched(job, io, `checking ${file}`));
    });
}
