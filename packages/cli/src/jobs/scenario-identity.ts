import { ScenarioRunner } from '@rseqlab/explorer';
import { ScriptedDirector, digest, encodeToken } from '@rseqlab/sim-machine';
import type { MachineConfig, ReplayRecord } from '@rseqlab/sim-machine';
import type { Job } from './job.js';
import type { ScenarioFile } from './scenario-file.js';

/** How runs are scheduled, and where a CPU may be stopped in them. */
type RunKind = Pick<ReplayRecord, 'scheduling' | 'granularity'>;

/** How searches schedule. */
export const SEARCHED: RunKind = { scheduling: 'free', granularity: 'access' };

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
 * @param machine - what replaces parts of the scenario's machine
 * @param kind - of the runs that follow, which are made on the same machine
 * @throws MachineError `ERR_CONFIG` when its machine cannot be built; ExplorerError `ERR_SCENARIO`
 *   when its setup throws
 */
export function identify(
  { scenario, source }: ScenarioFile,
  machine: MachineConfig,
  { scheduling, granularity }: RunKind,
): ScenarioIdentity {
  const nothing = new ScriptedDirector([], { scheduling, granularity });
  const runner = new ScenarioRunner(scenario, nothing, machine);
  runner.prepare(nothing);
  const { description, cpus, liveThreads } = runner.machine;
  runner.giveBack();
  return {
    fingerprint: digest([scenario.name, description, source].join('\n')),
    cpus: cpus.possible.length,
    threads: liveThreads,
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
