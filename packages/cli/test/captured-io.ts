import { join } from 'node:path';
import type { CommandIo } from '../src/command-io.js';
import type { LineInput } from '../src/debug/line-input.js';
import { Heartbeat } from '../src/jobs/heartbeat.js';
import { localDebugger } from '../src/debug/local-debugger.js';
import { performJob } from '../src/jobs/perform-job.js';
import { runCli } from '../src/run-cli.js';
import { localCrew } from './units/local-crew.js';

/** The folder of the scenarios that these tests run. */
export const SCENARIOS = join(import.meta.dirname, 'scenarios');

/** The root of the repository. */
export const ROOT = join(import.meta.dirname, '../../..');

/** What a command said and how it ended. */
export interface CommandOutput {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** Everything that was shown as progress. */
  readonly progress: readonly string[];
}

/** Runs a command in this process, without the watchdog. */
export async function command(
  args: readonly string[],
  changes: Partial<CommandIo> = {},
): Promise<CommandOutput> {
  const { io, said, progress } = capturedIo(changes);
  const status = await runCli(args, io);
  return { status, ...said(), progress };
}

/** What a command may touch of the world, captured. */
export function capturedIo(changes: Partial<CommandIo> = {}): {
  readonly io: CommandIo;
  /** What was printed so far. */
  said(): { readonly out: string; readonly err: string };
  readonly progress: readonly string[];
} {
  let out = '';
  let err = '';
  const progress: string[] = [];
  const io: CommandIo = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    folder: SCENARIOS,
    environment: {},
    isTerminal: false,
    isColored: false,
    startProgress(text) {
      progress.push(text);
      return { update: (now) => void progress.push(now), stop: () => undefined };
    },
    runJob: (job) => performJob(job, new Heartbeat()),
    openCrew: localCrew,
    onInterrupt: () => () => undefined,
    nowMs: () => 0,
    openDebugger: (job) => localDebugger(job, new Heartbeat()),
    openInput: () => scripted([]),
    ...changes,
  };
  return { io, said: () => ({ out, err }), progress };
}

/** A script as a debugger's input, or what a person types. */
export function scripted(lines: readonly string[], isInteractive = false): LineInput {
  const left = [...lines];
  return {
    isInteractive,
    read: () => Promise.resolve(left.shift()),
    close: () => undefined,
    onInterrupt: () => undefined,
  };
}
