import { Command, InvalidArgumentError, Option } from 'commander';
import { SEARCHED_MODELS } from '@rseqlab/explorer';
import type { SearchedModel } from '@rseqlab/explorer';
import type { CommandIo } from '../command-io.js';
import { LITMUS_RCUS } from '../litmus/library-rcu.js';
import type { LitmusRcu } from '../litmus/library-rcu.js';
import type { LitmusOrder } from '../litmus/litmus-order.js';
import { integerOption } from '../number-option.js';
import { launchUnits } from '../units/launch-units.js';
import { planOption, resumeOption, workersOption } from '../units/long-run-options.js';

interface LitmusOptions {
  readonly model: readonly SearchedModel[];
  readonly rcu: LitmusRcu;
  readonly executions?: number;
  readonly samples?: number;
  readonly expect?: string;
  readonly json?: true;
  readonly workers: number;
  readonly resume?: string;
  readonly plan?: string;
}

const ALLOWED = SEARCHED_MODELS.join(', ');

/** `rseqlab litmus PATHS...`: verdicts and final states of litmus tests. */
export function litmusCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('litmus')
    .description('run litmus tests in the X86_64 and C formats of herd in every interleaving')
    .argument('<paths...>', 'litmus files, or folders with *.litmus files at any depth')
    .addOption(
      new Option('--model <model>', `memory model (${ALLOWED}), or several: sc,tso`)
        .argParser(modelsOption)
        .default(['tso'] satisfies SearchedModel[], '"tso"'),
    )
    .addOption(
      new Option(
        '--rcu <name>',
        'the RCU behind C tests: that of a kernel, or a flavour of the library',
      )
        .choices(LITMUS_RCUS)
        .default('kernel'),
    )
    .option(
      '--executions <n>',
      'give up a test after so many executions (default: 10000000; in C: 20000)',
      integerOption(1, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--samples <n>',
      'make so many executions by PCT, and as many of other kinds, of a C test that was given up (default: 0)',
      integerOption(1, Number.MAX_SAFE_INTEGER),
    )
    .option('--expect <table>', 'table of expected results, whose rows name files relative to it')
    .option('--json', 'print JSON')
    .addOption(workersOption())
    .addOption(resumeOption())
    .addOption(planOption())
    .action(async (paths: string[], options: LitmusOptions) => {
      const { workers, resume, plan, model: models, json = false } = options;
      const { rcu, executions, samples, expect } = options;
      const { folder, isColored, isTerminal } = io;
      const order: LitmusOrder = {
        command: 'litmus',
        paths,
        folder,
        models,
        ...(rcu !== 'kernel' && { rcu }),
        ...(executions !== undefined && { executions }),
        ...(samples !== undefined && { samples }),
        ...(expect !== undefined && { expect }),
        json,
        isColored,
        isTable: isTerminal,
      };
      // A test is searched up to a limit of its own: nothing here can hang.
      const launch = {
        workers,
        watchdogMs: Infinity,
        what: 'litmus tests',
        ...(resume !== undefined && { resume }),
        ...(plan !== undefined && { plan }),
      };
      ended(await launchUnits(order, launch, io));
    });
}

/** Reads names of models, separated by commas, each at most once. */
function modelsOption(text: string): readonly SearchedModel[] {
  const names = text.split(',');
  const models = SEARCHED_MODELS.filter((model) => names.includes(model));
  if (models.length !== names.length)
    throw new InvalidArgumentError(`Allowed choices are ${ALLOWED}.`);
  return names as SearchedModel[];
}
