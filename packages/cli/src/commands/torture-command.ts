import { Command, Option } from 'commander';
import { plural } from '@rseqlab/explorer';
import { MEMORY_MODEL_NAMES } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';
import { integerOption } from '../number-option.js';
import { TORTURE_FLAVOURS, TORTURE_FLAVOUR_NAMES } from '../torture/torture-flavours.js';
import type { TortureFlavourName } from '../torture/torture-flavours.js';
import { tortureText } from '../torture/torture-text.js';
import { torture } from '../torture/torture.js';
import type { TortureReport } from '../torture/torture.js';

interface TortureCommandOptions {
  readonly flavour: TortureFlavourName;
  readonly seed: number;
  readonly seconds?: number;
  readonly executions?: number;
  readonly memory: MemoryModelName;
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
      new Option('--flavour <name>', 'which RCU').choices(TORTURE_FLAVOUR_NAMES).default('per-cpu'),
    )
    .option('--seed <n>', 'seed of the first execution', integerOption(-0x80000000, 0x7fffffff), 1)
    .option('--seconds <n>', 'end after so much time', integerOption(1, MOST))
    .option(
      '--executions <n>',
      `end after so many executions (default: ${DEFAULT_EXECUTIONS}, with --seconds as many as fit)`,
      integerOption(1, MOST),
    )
    .addOption(
      new Option('--memory <model>', 'memory model').choices(MEMORY_MODEL_NAMES).default('tso'),
    )
    .option('--json', 'print JSON')
    .action(async ({ json = false, seconds, executions, ...options }: TortureCommandOptions) => {
      const { flavour, seed, memory } = options;
      const progress = io.startProgress(`torturing ${flavour}`);
      let isInterrupted = false;
      const listening = io.onInterrupt(() => (isInterrupted = true));
      const onExecution = (report: TortureReport): boolean => {
        progress.update(`torturing ${flavour}: ${plural(report.executions, 'execution')}`);
        return isInterrupted;
      };
      let report: TortureReport;
      try {
        report = await torture(TORTURE_FLAVOURS[flavour], {
          seed,
          memory,
          executions: executions ?? (seconds === undefined ? DEFAULT_EXECUTIONS : Infinity),
          timeMs: seconds === undefined ? Infinity : seconds * 1000,
          nowMs: () => io.nowMs(),
          onExecution,
        });
      } finally {
        listening();
        progress.stop();
      }
      const { isColored } = io;
      io.out(tortureText({ flavour, memory, seed, json, isColored }, report));
      if (report.failure !== undefined) ended(ExitStatus.Finding);
      else if (isInterrupted) ended(ExitStatus.Interrupted);
    });
}
