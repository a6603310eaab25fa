import { Command, CommanderError } from 'commander';
import { CommandError } from './command-error.js';
import type { CommandIo } from './command-io.js';
import { checkCommand } from './commands/check-command.js';
import { debugCommand } from './commands/debug-command.js';
import { litmusCommand } from './commands/litmus-command.js';
import { mergeCommand } from './commands/merge-command.js';
import { replayCommand } from './commands/replay-command.js';
import { runCommand } from './commands/run-command.js';
import { shardCommand } from './commands/shard-command.js';
import { tortureCommand } from './commands/torture-command.js';
import { traceCommand } from './commands/trace-command.js';
import { ExitStatus } from './exit-status.js';
import { tellError } from './told-error.js';
import { VERSION } from './version.js';

const HELP = `
Exit status:
  0    nothing was found; every litmus test agrees with its table
  1    a finding; a litmus test that disagrees with its table; a trace that is damaged
  2    bad use: wrong options, missing or malformed files, scenarios that throw or never yield
  3    a bound was reached before every interleaving was taken: not a pass
  4    a worker died twice over the same unit of work; what else is known is printed
  130  interrupted; what is known so far is printed

Environment:
  RSEQLAB_WATCHDOG_MS  how long a scenario may make no progress, in milliseconds (10000)
  NO_COLOR             no colours
`;

/**
 * The whole command.
 *
 * @param args - arguments behind the name of the command
 * @returns the exit status
 */
export async function runCli(args: readonly string[], io: CommandIo): Promise<number> {
  let status: number = ExitStatus.Holds;
  const ended = (with_: number): void => {
    status = with_;
  };
  const program = programOf(io, ended);
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : ExitStatus.BadUse;
    if (error instanceof CommandError) return tellError(error, io);
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.err(`rseqlab: this is a defect of rseqlab, please report it: ${stack}\n`);
    return ExitStatus.Defect;
  }
}

function programOf(io: CommandIo, ended: (status: number) => void): Command {
  const program = new Command('rseqlab')
    .description('Checks per-CPU algorithms on a simulated machine, in every interleaving.')
    .version(VERSION, '--version', 'print the version')
    .addHelpText('after', HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: (text, write) => write(`rseqlab: ${errorLine(text)}\n`),
    });
  for (const make of [
    runCommand,
    checkCommand,
    replayCommand,
    debugCommand,
    litmusCommand,
    tortureCommand,
    shardCommand,
    mergeCommand,
    traceCommand,
  ])
    addCommand(program, make(io, ended));
  return program;
}

/** Adds a command, and its own commands, which all answer as the program does. */
function addCommand(program: Command, command: Command): void {
  program.addCommand(command.copyInheritedSettings(program));
  for (const inner of command.commands) inner.copyInheritedSettings(program);
}

/** Commander's complaint on one line, with its suggestion. */
function errorLine(text: string): string {
  return text
    .trim()
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ');
}
