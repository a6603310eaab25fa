import type { DebuggerOpener } from './debug/debugger.js';
import type { LineInputOpener } from './debug/line-input.js';
import type { JobRunner } from './jobs/job.js';
import type { CrewOpener } from './units/crew.js';

/** Something that shows how far long work has come. */
export interface Progress {
  /** Replaces what is shown. */
  update(text: string): void;
  /** Takes it off the screen. */
  stop(): void;
}

/** What a command may touch of the world. */
export interface CommandIo {
  /** Writes to stdout. */
  out(text: string): void;
  /** Writes to stderr. */
  err(text: string): void;
  /** The folder that relative paths start from. */
  readonly folder: string;
  /** Environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether stdout is a terminal. */
  readonly isTerminal: boolean;
  /** Whether stdout is to be coloured. */
  readonly isColored: boolean;
  /** Shows progress on stderr, if that is a terminal. */
  startProgress(text: string): Progress;
  /** Runs what runs scenarios. */
  readonly runJob: JobRunner;
  /** Sets up what does units of work. */
  readonly openCrew: CrewOpener;
  /** Calls a listener at Ctrl-C, instead of ending; returns what takes that back. */
  onInterrupt(listener: () => void): () => void;
  /** Milliseconds since some moment. */
  nowMs(): number;
  /** Opens what debugs scenarios. */
  readonly openDebugger: DebuggerOpener;
  /** Opens standard input, line by line. */
  readonly openInput: LineInputOpener;
}
