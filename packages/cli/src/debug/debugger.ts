import type { ExitStatus } from '../exit-status.js';
import type { MemoryModelName } from '@rseqlab/sim-machine';

/** What a debugger is opened for. */
export interface DebugJob {
  readonly command: 'debug';
  /** The scenario file as given; the one that the token names, if undefined. */
  readonly file?: string;
  /** The folder that relative paths start from. */
  readonly folder: string;
  /** A recorded run to follow. */
  readonly token?: string;
  /** Replaces the memory model of the scenario's machine. */
  readonly memory?: MemoryModelName;
  /** Answers in JSON, one line a command. */
  readonly json: boolean;
  /** Prints colours. */
  readonly isColored: boolean;
}

/** What came of a line. */
export type DebugAnswer =
  /** What belongs on stdout. */
  | { readonly kind: 'said'; readonly output: string; readonly quits: boolean }
  /** One line of complaint; nothing was done. */
  | { readonly kind: 'refused'; readonly message: string; readonly status: ExitStatus };

/** A debugger, wherever it runs. */
export interface Debugger {
  /** What it says at first. */
  readonly greeting: string;
  /** Names that a line can begin with, to complete what is typed. */
  readonly commands: readonly string[];
  /**
   * Carries out a line.
   *
   * @throws CommandError when the debugger cannot go on
   */
  execute(line: string): Promise<DebugAnswer>;
  /** Stops a line that goes on and on, for the next one. */
  interrupt(): void;
  /** Ends it. */
  close(): Promise<void>;
}

/** Opens a debugger. @throws CommandError when the scenario or the token is not what it should be */
export type DebuggerOpener = (job: DebugJob, watchdogMs: number) => Promise<Debugger>;
