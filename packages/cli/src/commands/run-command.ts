import { Command, Option } from 'commander';
import { MEMORY_MODEL_NAMES } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import type { CommandIo } from '../command-io.js';
import { DIRECTOR_NAMES } from '../jobs/job.js';
import type { DirectorName } from '../jobs/job.js';
import { integerOption } from '../number-option.js';
import { runWatched } from './watch.js';

interface RunOptions {
  readonly seed: number;
  readonly director: DirectorName;
  readonly decisions: number;
  readonly memory?: MemoryModelName;
  readonly trace?: string;
  readonly json?: boolean;
}

const DEFAULT_DECISIONS = 10_000_000;

/** `rseqlab run FILE`: one run of a scenario, with counts and simulated times. */
export function runCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('run')
    .description('run a scenario once and print counts and simulated times')
    .argument('<file>', 'scenario: a TypeScript file that exports one as its default')
    .option('--seed <n>', 'seed of the run', integerOption(-0x80000000, 0xffffffff), 1)
    .addOption(
      new Option('--director <name>', 'who decides: simulated clocks, or chance')
        .choices(DIRECTOR_NAMES)
        .default('timed'),
    )
    .option(
      '--decisions <n>',
      'give up after so many decisions',
      integerOption(1, Number.MAX_SAFE_INTEGER),
      DEFAULT_DECISIONS,
    )
    .addOption(
      new Option('--memory <model>', "memory model (default: the scenario's)").choices(
        MEMORY_MODEL_NAMES,
      ),
    )
    .option(
      '--trace <folder>',
      'write what the kernel does, and what programs trace, as traces (CTF) to a new folder',
    )
    .option('--json', 'print JSON')
    .action(async (file: string, { json = false, ...options }: RunOptions) => {
      const { folder, isColored } = io;
      const job = { command: 'run', file, folder, json, isColored, ...options } as const;
      ended(await runWatched(job, io, `running ${file}`));
    });
}
