import { checkUnits, nondeterminism, searchedMachine } from '@rseqlab/explorer';
import type { CheckResult, Claims } from '@rseqlab/explorer';
import type { Completeness, UnitJob } from '../units/unit-job.js';
import { CommandError } from '../command-error.js';
import { ExitStatus } from '../exit-status.js';
import { VERSION } from '../version.js';
import { concludeCheck, searchOptions } from './check-job.js';
import { asCommandError } from './failure.js';
import { JobPhase } from './heartbeat.js';
import type { Heartbeat } from './heartbeat.js';
import type { CheckJob } from './job.js';
import { jsonText } from './json-text.js';
import { machineOverrides } from './machine-overrides.js';
import { loadScenario } from './scenario-file.js';
import { SEARCHED, identify } from './scenario-identity.js';
import { keepStackFrames } from './stack-frames.js';
import { watchedScenario } from './watched-scenario.js';

/**
 * Opens a check, whose units are those of its search.
 *
 * @param onLoaded - told the scenario's name before anything of it runs
 * @param claims - shared with all who do units of the check at the same time
 * @throws CommandError with what is wrong with the file or the scenario; with the status of a finding
 *   for one that differs from run to run, of which nothing else can be said
 */
export async function openCheckJob(
  job: CheckJob,
  heartbeat: Heartbeat,
  onLoaded: (name: string) => void,
  claims?: Claims,
): Promise<UnitJob> {
  keepStackFrames();
  heartbeat.enter(JobPhase.Loading);
  const loaded = await loadScenario(job.file, job.folder);
  onLoaded(loaded.scenario.name);
  return refusing(job, () => {
    const scenario = watchedScenario(loaded.scenario, heartbeat);
    const options = { ...searchOptions(job), machine: machineOverrides(job) };
    // All of it takes its runs on one machine, one after the other: see docs/decisions/0077.
    const machine = searchedMachine(options);
    const differing = nondeterminism(scenario, machine);
    if (differing !== undefined)
      throw new CommandError(`${job.file}: ${differing.message}`, ExitStatus.Finding, {
        ...(job.json && { output: jsonText({ outcome: 'fails', finding: differing }) }),
      });
    const identity = identify({ ...loaded, scenario }, machine, SEARCHED);
    const units = checkUnits(scenario, options, claims);
    return {
      plan: (cutting) =>
        refusing(job, () => {
          const isPossible = cutting === 'rounds' ? units.hasRounds : units.canBeCut;
          if (cutting !== 'whole' && !isPossible) throw cannotBeCut(job);
          return {
            identity: {
              version: VERSION,
              strategy: 'check',
              subject: identity.fingerprint,
              options: JSON.stringify(options),
            },
            units: units.plan(cutting),
            budget: units.budget,
          };
        }),
      perform: (work, before) =>
        refusing(job, () => units.perform(work, before, (counts) => heartbeat.report(counts))),
      recall: (values) => units.recall(values),
      conclude: (values, completeness) =>
        refusing(job, () => {
          const result = asFarAs(completeness, units.merge(values));
          return concludeCheck({ ...loaded, scenario }, job, identity, result);
        }),
    };
  });
}

/** A search that is one unit: more workers would do nothing, and there would be nothing to keep. */
function cannotBeCut({ file, search = 'graphs' }: CheckJob): CommandError {
  return new CommandError(
    `${file}: expected a search that can be cut for --workers, --resume and --plan (classes, random, ` +
      'pct, walk; graphs without --preemptions and --delays; states for all but --plan), ' +
      `got ${search} of this scenario`,
  );
}

/** An answer for which units are missing, unless something was found, is that nothing is known. */
function asFarAs({ done, known, isComplete }: Completeness, result: CheckResult): CheckResult {
  if (isComplete || result.outcome === 'fails') return result;
  return { ...result, outcome: 'unknown', reason: `the end of ${known - done} of ${known} units` };
}

function refusing<Result>(job: CheckJob, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw asCommandError(error, job.file, job);
  }
}
