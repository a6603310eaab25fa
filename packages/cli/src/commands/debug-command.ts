import { Command, Option } from 'commander';
import { MEMORY_MODEL_NAMES } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';
import { readLoop } from '../debug/read-loop.js';
import type { DebugJob } from '../debug/debugger.js';
import { ExitStatus } from '../exit-status.js';
import { watchdogOf } from './watch.js';

interface DebugCommandOptions {
  readonly token?: string;
  readonly memory?: MemoryModelName;
  readonly json?: boolean;
}

const PROMPT = '(rseqlab) ';

const HELP = `
Commands come from standard input, one a line; "help" lists them. A script ends at its first
wrong line, with status 2.

The debugger looks at the machine from outside and disturbs nothing: no trap, no breakpoint in the
code. A debugger that does is a program of the scenario, such as PtraceDebugger.
`;

/** `rseqlab debug FILE`: a run of a scenario, step by step, forward and back. */
export function debugCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('debug')
    .description('step through a scenario by hand or by script, forward and back')
    .argument('[file]', 'scenario: a TypeScript file (default: the file that the token names)')
    .option('--token <token>', 'replay token of a run to follow, such as one that check printed')
    .addOption(
      new Option('--memory <model>', "memory model (default: the scenario's)").choices(
        MEMORY_MODEL_NAMES,
      ),
    )
    .option('--json', 'answer in JSON, one line a command')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, { json = false, ...options }: DebugCommandOptions) => {
      if (file === undefined && options.token === undefined)
        throw new CommandError(
          "expected a scenario file or --token, got neither (try 'rseqlab debug --help')",
        );
      const { folder, isColored } = io;
      const base: DebugJob = { command: 'debug', folder, json, isColored, ...options };
      await debug(file === undefined ? base : { ...base, file }, io);
      ended(ExitStatus.Holds);
    });
}

async function debug(job: DebugJob, io: CommandIo): Promise<void> {
  const target = await io.openDebugger(job, watchdogOf(io));
  const input = io.openInput(PROMPT, target.commands);
  try {
    input.onInterrupt(() => target.interrupt());
    io.out(target.greeting);
    await readLoop(input, target, io);
  } finally {
    input.close();
    await target.close();
  }
}
