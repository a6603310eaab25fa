/** The `rseqlab` command. */
import type { CommandIo } from './command-io.js';
import { isolatedDebugger } from './debug/isolated-debugger.js';
import { terminalInput } from './debug/terminal-input.js';
import { engineWorkOf, tuneEngine } from './engine-flags.js';
import { isolatedJob } from './jobs/isolated-job.js';
import { runCli } from './run-cli.js';
import { terminalProgress } from './terminal-progress.js';
import { poolCrews } from './units/pool-crew.js';
import { ThreadPools } from './units/thread-pools.js';

/** What ends a command early: Ctrl-C, and `kill`. */
const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;

tuneEngine(engineWorkOf(process.argv.slice(2)));

const { stdout, stderr } = process;

// A reader that has seen enough, such as `head`, is no reason to complain.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const pools = new ThreadPools();

const io: CommandIo = {
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  folder: process.cwd(),
  environment: process.env,
  isTerminal: stdout.isTTY,
  isColored: stdout.isTTY && process.env['NO_COLOR'] === undefined,
  startProgress: (text) => terminalProgress(stderr, text),
  runJob: isolatedJob,
  openCrew: poolCrews(pools),
  onInterrupt(listener) {
    for (const signal of INTERRUPTS) process.on(signal, listener);
    return () => {
      for (const signal of INTERRUPTS) process.off(signal, listener);
    };
  },
  nowMs: () => performance.now(),
  openDebugger: isolatedDebugger,
  openInput: (prompt, commands) => terminalInput(process.stdin, stdout, prompt, commands),
};

process.exitCode = await runCli(process.argv.slice(2), io);
await pools.close();
