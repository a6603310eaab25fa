import { Command, Option } from 'commander';
import { plural } from '@rseqlab/explorer';
import { MEMORY_MODEL_NAMES } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';
import { integerOption } from '../number-option.js';
import { readTortureToken } from '../torture/torture-identity.js';
import type { TortureIdentity } from '../torture/torture-identity.js';
import { TORTURE_NAMES, tortureProgram } from '../torture/torture-programs.js';
import type { TortureName } from '../torture/torture-programs.js';
import { tortureText } from '../torture/torture-text.js';
import type { TortureCell } from '../torture/torture-text.js';
import { torture } from '../torture/torture.js';
import type { TortureOptions, TortureReport } from '../torture/torture.js';

interface TortureCommandOptions {
  readonly flavour: TortureName | 'all';
  readonly seed: number;
  readonly seconds?: number;
  readonly executions?: number;
  readonly memory: MemoryModelName | 'all';
  readonly token?: string;
  readonly json?: boolean;
}

/** Executions where neither a number nor a time is given. */
const DEFAULT_EXECUTIONS = 1_000;

const MOST = Number.MAX_SAFE_INTEGER;

/** `rseqlab torture`: readers and updaters of an RCU under random schedules, for as long as wanted. */
export function tortureCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('torture')
    .description('run readers and updaters of an RCU flavour under random schedules')
    .addOption(
      new Option('--flavour <name>', 'which RCU')
        .choices([...TORTURE_NAMES, 'all'])
        .default('per-cpu'),
    )
    .option('--seed <n>', 'seed of the first execution', integerOption(-0x80000000, 0x7fffffff), 1)
    .option('--seconds <n>', 'end after so much time', integerOption(1, MOST))
    .option(
      '--executions <n>',
      `of each flavour and model (default: ${DEFAULT_EXECUTIONS}, with --seconds as many as fit)`,
      integerOption(1, MOST),
    )
    .addOption(
      new Option('--memory <model>', 'memory model')
        .choices([...MEMORY_MODEL_NAMES, 'all'])
        .default('tso'),
    )
    .option('--token <token>', 'make the execution of a token again, which --json prints')
    .option('--json', 'print JSON')
    .action(async ({ token, json = false, ...options }: TortureCommandOptions) => {
      const cells: TortureCell[] = [];
      const { isColored } = io;
      const status =
        token === undefined
          ? await tortureAll(io, options, cells)
          : await tortureAgain(io, token, cells);
      io.out(tortureText(cells, { json, isColored }));
      if (cells.some(({ report }) => report.failure !== undefined)) ended(ExitStatus.Finding);
      else if (status !== ExitStatus.Holds) ended(status);
    });
}

/** Tortures what the options name, one after the other, each for its share of the time. */
async function tortureAll(
  io: CommandIo,
  { flavour, memory, seed, seconds, executions }: Omit<TortureCommandOptions, 'token' | 'json'>,
  cells: TortureCell[],
): Promise<ExitStatus> {
  const names = flavour === 'all' ? TORTURE_NAMES : [flavour];
  const models = memory === 'all' ? MEMORY_MODEL_NAMES : [memory];
  const identities = names.flatMap((name) =>
    models.map((model) => ({ name, memory: model, seed })),
  );
  const limits = {
    executions: executions ?? (seconds === undefined ? DEFAULT_EXECUTIONS : Infinity),
    timeMs: seconds === undefined ? Infinity : (seconds * 1000) / identities.length,
  };
  for (const identity of identities) {
    const status = await tortureOne(io, identity, limits, cells);
    if (status === ExitStatus.Interrupted) return status;
  }
  return ExitStatus.Holds;
}

async function tortureAgain(
  io: CommandIo,
  token: string,
  cells: TortureCell[],
): Promise<ExitStatus> {
  const { decisions: script, ...identity } = readTortureToken(token);
  return await tortureOne(io, identity, { executions: 1, script }, cells);
}

async function tortureOne(
  io: CommandIo,
  identity: TortureIdentity<TortureName>,
  limits: Pick<TortureOptions, 'executions' | 'timeMs' | 'script'>,
  cells: TortureCell[],
): Promise<ExitStatus> {
  const what = `torturing ${identity.name} under ${identity.memory}`;
  const progress = io.startProgress(what);
  let isInterrupted = false;
  const listening = io.onInterrupt(() => (isInterrupted = true));
  const beganMs = io.nowMs();
  const onExecution = ({ executions }: TortureReport): boolean => {
    progress.update(`${what}: ${plural(executions, 'execution')}`);
    return isInterrupted;
  };
  try {
    const report = await torture(tortureProgram(identity.name), {
      ...identity,
      ...limits,
      nowMs: () => io.nowMs(),
      onExecution,
    });
    cells.push({ ...identity, report, timeMs: io.nowMs() - beganMs });
  } finally {
    listening();
    progress.stop();
  }
  return isInterrupted ? ExitStatus.Interrupted : ExitStatus.Holds;
}
