import { ScenarioRunner } from '@rseqlab/explorer';
import { ScriptedDirector, digest, encodeToken } from '@rseqlab/sim-machine';
import type { ReplayRecord } from '@rseqlab/sim-machine';
import type { Job } from './job.js';
import { machineOverrides } from './machine-overrides.js';
import type { ScenarioFile } from './scenario-file.js';

/** What a scenario is run with, and what tells it from another. */
export interface ScenarioIdentity {
  /** Digest of the scenario's name and text, and of the machine. */
  readonly fingerprint: string;
  readonly cpus: number;
  /** Threads that its setup starts. */
  readonly threads: number;
}

/**
 * Sets a scenario up once, to see what it is.
 *
 * @throws MachineError `ERR_CONFIG` when its machine cannot be built; ExplorerError `ERR_SCENARIO`
 *   when its setup throws
 */
export function identify(
  { scenario, source }: ScenarioFile,
  job: Pick<Job, 'memory'>,
): ScenarioIdentity {
  const nothing = new ScriptedDirector([]);
  const runner = new ScenarioRunner(scenario, nothing, machineOverrides(job));
  runner.prepare(nothing);
  const { machine } = runner;
  return {
    fingerprint: digest([scenario.name, machine.description, source].join('\n')),
    cpus: machine.cpus.possible.length,
    threads: machine.liveThreads,
  };
}

/** How a recorded run is named. */
export interface NamedRun {
  readonly token: string;
  /** The command that makes it again. */
  readonly command: string;
}

/** Makes the token of a run of a scenario. */
export function nameRun(
  { file }: ScenarioFile,
  { fingerprint }: ScenarioIdentity,
  run: Pick<ReplayRecord, 'decisions' | 'granularity' | 'scheduling'>,
  { memory }: Pick<Job, 'memory'>,
): NamedRun {
  const token = encodeToken({ scenario: file, fingerprint, ...run });
  const options = memory === undefined ? '' : ` --memory ${memory}`;
  return { token, command: `rseqlab replay ${token}${options}` };
}
