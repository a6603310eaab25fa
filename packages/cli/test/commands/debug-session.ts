import { join } from 'node:path';
import { ROOT, command, scripted } from '../captured-io.js';
import type { CommandOutput } from '../captured-io.js';

/** The folder of the examples. */
export const EXAMPLES = join(ROOT, 'examples');

/** Runs a script of debugger commands on one of the examples, or what else the arguments say. */
export function debug(
  args: readonly string[],
  lines: readonly string[],
  folder: string = EXAMPLES,
): Promise<CommandOutput> {
  return command(['debug', ...args], { folder, openInput: () => scripted(lines) });
}

/** What a script of commands that all succeed says, without the greeting. */
export async function said(
  file: string,
  lines: readonly string[],
  folder: string = EXAMPLES,
): Promise<string> {
  const { status, out, err } = await debug([file], lines, folder);
  if (status !== 0) throw new Error(`status ${status}: ${err}`);
  return out.split('\n').slice(3).join('\n');
}
