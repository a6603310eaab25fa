import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SCENARIOS } from './captured-io.js';

const program = join(ROOT, 'packages/cli/bin/rseqlab.js');

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that runs in a process of its own. */
export interface Started {
  readonly ended: Promise<Ended>;
  /** Resolves when stderr has the text; rejects when the command ends without it. */
  says(text: string): Promise<void>;
  /** Ctrl-C. */
  interrupt(): void;
  /** kill -9. */
  kill(): void;
  closeOutput(): void;
}

/** Starts the built command in a folder, by default that of the scenarios of these tests. */
export function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder: string = SCENARIOS,
): Started {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const listeners: (() => void)[] = [];
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (status) => resolve({ status, out, err }));
  });
  child.stdout.on('data', (data: Buffer) => void (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString();
    for (const listener of listeners) listener();
  });
  return {
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (err.includes(text)) resolve();
        };
        listeners.push(look);
        look();
        void ended.then(() => {
          reject(new Error(`expected the command to say '${text}', got '${err}'`));
        });
      }),
    interrupt: () => void child.kill('SIGINT'),
    kill: () => void child.kill('SIGKILL'),
    closeOutput: () => void child.stdout.destroy(),
  };
}

/** Runs the built command to its end. */
export const run = (
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
  folder?: string,
): Promise<Ended> => start(args, environment, folder).ended;

/** Complains when there is no built command. */
export function requireBuild(): void {
  if (!existsSync(join(ROOT, 'packages/cli/dist/main.js')))
    throw new Error('the command is not built: npm run build');
}
