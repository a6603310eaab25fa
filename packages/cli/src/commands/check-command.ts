import { Command, Option } from 'commander';
import { STATE_IDENTITIES, STRATEGIES } from '@rseqlab/explorer';
import type { SearchName, SearchSettings } from '@rseqlab/explorer';
import { MEMORY_MODEL_NAMES } from '@rseqlab/sim-machine';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';
import { ExitStatus } from '../exit-status.js';
import { integerOption } from '../number-option.js';
import { tellError } from '../told-error.js';
import { launchUnits } from '../units/launch-units.js';
import { planOption, resumeOption, workersOption } from '../units/long-run-options.js';
import { expectWritable } from '../whole-file.js';
import { watchdogOf } from './watch.js';

interface CheckOptions extends Omit<SearchSettings, 'fingerprint'> {
  readonly fingerprint?: string;
  readonly search?: SearchName;
  readonly kernelEvents?: number;
  readonly executions?: number;
  readonly decisions?: number;
  readonly deepen?: boolean;
  readonly memory?: MemoryModelName;
  readonly shrink?: boolean;
  readonly html?: string;
  readonly json?: boolean;
  readonly workers: number;
  readonly resume?: string;
  readonly plan?: string;
}

const SEARCHES = Object.entries(STRATEGIES)
  .map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
  .join('\n');

const HELP = `
Searches:
${SEARCHES}
`;

/** After which of them the next scenario is checked; what several come to is that which is last here. */
const STATUSES: readonly number[] = [
  ExitStatus.Holds,
  ExitStatus.Bound,
  ExitStatus.Lost,
  ExitStatus.Finding,
  ExitStatus.BadUse,
];

/** `rseqlab check FILES...`: every interleaving of scenarios, or a sample of them, one after the other. */
export function checkCommand(io: CommandIo, ended: (status: number) => void): Command {
  return new Command('check')
    .description('take every interleaving of a scenario, or a sample, and report what goes wrong')
    .argument('<files...>', 'scenarios: TypeScript files that each export one as their default')
    .addOption(
      new Option('--search <name>', 'how to search (default: graphs)').choices(
        Object.keys(STRATEGIES),
      ),
    )
    .option(
      '--kernel-events <n>',
      'most preemptions, migrations, ... on one path (default: any number)',
      integerOption(0, 1_000_000),
    )
    .option(
      '--preemptions <n>',
      'most changes of threads, on one path, while the one before could go on',
      integerOption(0, 1_000_000),
    )
    .option(
      '--delays <n>',
      'most decisions of the deterministic scheduler that one path passes over',
      integerOption(0, 1_000_000),
    )
    .option(
      '--executions <n>',
      'give up after so many executions (default: 1000000; samples: 10000)',
      integerOption(1, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--decisions <n>',
      'most decisions of one execution (default: 100000)',
      integerOption(1, Number.MAX_SAFE_INTEGER),
    )
    .addOption(
      new Option(
        '--fingerprint <bits>',
        'bits by which states are told apart, or whole states (default: 64)',
      ).choices(STATE_IDENTITIES.map(String)),
    )
    .option('--reduce', 'leave states out that tell nothing new (states)')
    .option(
      '--symmetry',
      'take states as one that interchangeable threads make of each other (states)',
    )
    .option('--seed <n>', 'seed of samples (default: 1)', integerOption(-0x80000000, 0xffffffff))
    .option(
      '--depth <n>',
      'ordering constraints that pct looks for (default: 3)',
      integerOption(1, 1000),
    )
    .option('--deepen', 'sample without kernel events first, then with one, up to --kernel-events')
    .addOption(
      new Option('--memory <model>', "memory model (default: the scenario's)").choices(
        MEMORY_MODEL_NAMES,
      ),
    )
    .option('--shrink', 'make a failing run simpler (default: those of samples)')
    .option('--no-shrink', 'leave the run of a sample as it is')
    .option('--html <file>', 'write the failing run as a page')
    .option('--json', 'print JSON')
    .addOption(workersOption())
    .addOption(resumeOption())
    .addOption(planOption())
    .addHelpText('after', HELP)
    .action(
      async (
        files: readonly string[],
        { json = false, workers, resume, plan, fingerprint, ...options }: CheckOptions,
      ) => {
        const { folder, isColored } = io;
        const isOneOfSeveral = files.length > 1;
        if (isOneOfSeveral) refuseOfOne(files, { html: options.html, resume, plan });
        if (options.html !== undefined) expectWritable(options.html, folder);
        const identity = STATE_IDENTITIES.find((one) => String(one) === fingerprint);
        const job = {
          command: 'check',
          folder,
          json,
          isColored,
          ...(identity !== undefined && { fingerprint: identity }),
          ...(isOneOfSeveral && { isOneOfSeveral }),
          ...options,
        } as const;
        const launch = {
          workers,
          watchdogMs: watchdogOf(io),
          ...(resume !== undefined && { resume }),
          ...(plan !== undefined && { plan }),
        };
        let worst = 0;
        for (const file of files) {
          const what = `checking ${file}`;
          const checked = launchUnits({ ...job, file }, { ...launch, what }, io);
          const status = await (isOneOfSeveral ? toldStatus(checked, io) : checked);
          const rank = STATUSES.indexOf(status);
          worst = Math.max(worst, rank);
          ended(rank < 0 ? status : STATUSES[worst]!);
          if (rank < 0) return;
        }
      },
    );
}

/** @throws CommandError where something was asked for that only one scenario can have */
function refuseOfOne(
  { length }: readonly string[],
  options: Readonly<Record<string, string | undefined>>,
): void {
  for (const [name, value] of Object.entries(options))
    if (value !== undefined)
      throw new CommandError(`expected one file for --${name}, got ${length}`);
}

/** The status of a check; one that was refused says so, as the others are checked all the same. */
async function toldStatus(checked: Promise<number>, io: CommandIo): Promise<number> {
  try {
    return await checked;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return tellError(error, io);
  }
}
