import { Command, Option } from 'commander';
import { MEMORY_MODEL_NAMES } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import type { CommandIo } from '../command-io.js';
import { expectWritable } from '../whole-file.js';
import { runWatched } from './watch.js';

interface ReplayOptions {
  readonly memory?: MemoryModelName;
  readonly shrink?: boolean;
  readonly html?: string;
  readonly json?: boolean;
}

/** `rseqlab replay TOKEN [FILE]`: a recorded run, once more and step by step. */
export function replayCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('replay')
    .description('make a recorded run again and show every step of it')
    .argument('<token>', 'replay token that check or run printed')
    .argument('[file]', 'scenario (default: the file that the token names)')
    .addOption(
      new Option('--memory <model>', 'memory model, if check or run was given one').choices(
        MEMORY_MODEL_NAMES,
      ),
    )
    .option('--shrink', 'make the run simpler first, as long as it finds the same')
    .option('--html <file>', 'write the run as a page')
    .option('--json', 'print JSON')
    .action(
      async (token: string, file: string | undefined, { json = false, ...rest }: ReplayOptions) => {
        const { folder, isColored } = io;
        if (rest.html !== undefined) expectWritable(rest.html, folder);
        const base = { command: 'replay', token, folder, json, isColored, ...rest } as const;
        const job = file === undefined ? base : { ...base, file };
        ended(await runWatched(job, io, 'replaying'));
      },
    );
}
