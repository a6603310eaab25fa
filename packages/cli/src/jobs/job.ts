import type { SearchName, SearchSettings } from '@rseqlab/explorer';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import type { ExitStatus } from '../exit-status.js';

interface JobBase {
  /** The folder that relative paths start from. */
  readonly folder: string;
  /** Replaces the memory model of the scenario's machine. */
  readonly memory?: MemoryModelName;
  /** Prints JSON. */
  readonly json: boolean;
  /** Prints colours. */
  readonly isColored: boolean;
}

/** Checks a scenario, exhaustively or by samples. */
export interface CheckJob extends JobBase, SearchSettings {
  readonly command: 'check';
  /** The scenario file as given. */
  readonly file: string;
  /** Most kernel events on a path. */
  readonly kernelEvents?: number;
  /** Most executions of a pass. */
  readonly executions?: number;
  /** Most decisions of an execution. */
  readonly decisions?: number;
  /** How it searches. */
  readonly search?: SearchName;
  /** Passes once for each number of kernel events. */
  readonly deepen?: boolean;
  /** Makes the failing run simpler; default where it was found by a sample. */
  readonly shrink?: boolean;
  /** Writes the failing run as a page to this file. */
  readonly html?: string;
  /** Others are checked by the same command: what is printed names the file. */
  readonly isOneOfSeveral?: boolean;
}

/** How a run is scheduled. */
export const DIRECTOR_NAMES = ['timed', 'random'] as const;

/** One of {@link DIRECTOR_NAMES}. */
export type DirectorName = (typeof DIRECTOR_NAMES)[number];

/** Runs a scenario once. */
export interface RunJob extends JobBase {
  readonly command: 'run';
  /** The scenario file as given. */
  readonly file: string;
  readonly seed: number;
  readonly director: DirectorName;
  /** Most decisions. */
  readonly decisions: number;
  /** Writes a trace of what the kernel does to this folder. */
  readonly trace?: string;
}

/** Makes a recorded run again. */
export interface ReplayJob extends JobBase {
  readonly command: 'replay';
  readonly token: string;
  /** The scenario file; the one that the token names, if undefined. */
  readonly file?: string;
  /** Makes the run simpler first. */
  readonly shrink?: boolean;
  /** Writes the run as a page to this file. */
  readonly html?: string;
}

/** Work that executes a scenario: code that may throw, loop, or take long. */
export type Job = RunJob | ReplayJob;

/** What came of a job. */
export interface JobResult {
  readonly status: ExitStatus;
  /** What belongs on stdout. */
  readonly output: string;
}

/** How far a job has come. */
export interface JobCounts {
  readonly executions: number;
  readonly classes: number;
  /** Executions after which threads were left that can never go on. */
  readonly blocked: number;
  /** Most kernel events on a path so far. */
  readonly kernelEvents: number;
}

/** Nothing so far. */
export const NO_COUNTS: JobCounts = { executions: 0, classes: 0, blocked: 0, kernelEvents: 0 };

/** What watches over a job. */
export interface JobWatch {
  /** How long a job may make no progress at all, in milliseconds. */
  readonly watchdogMs: number;
}

/**
 * Runs a job.
 *
 * @throws CommandError when the job ends without a result
 */
export type JobRunner = (job: Job, watch: JobWatch) => Promise<JobResult>;
