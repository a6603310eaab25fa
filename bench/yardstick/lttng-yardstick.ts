import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sample } from '../measure/sample.js';

/** The session daemon of root is that of the whole machine: another user has one of its own. */
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

const NEEDED = [
  ['lttng-sessiond', '--version'],
  ['gcc', '--version'],
  ['setpriv', '--version'],
] as const;

const isHere = ([tool, ...args]: readonly [string, ...string[]]): boolean =>
  spawnSync(tool, args, { stdio: 'ignore' }).status === 0;

/**
 * Records events of one u32 by LTTng-UST: processor time of the thread that fires them, without that of the
 * daemon that consumes.
 *
 * @param sources the folder of lttng-events.c and lttng-session.sh
 * @returns a sample for each round; undefined where LTTng or gcc is not installed
 */
export function lttngSamples(
  sources: string,
  rounds: number,
  events: number,
): readonly Sample[] | undefined {
  if (!NEEDED.every((tool) => isHere(tool))) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'rseqlab-lttng-'));
  chmodSync(folder, 0o777);
  try {
    const script = [join(sources, 'lttng-session.sh'), folder, sources, rounds, events];
    const line = [...(process.getuid?.() === 0 ? AS_NOBODY : []), 'bash', ...script.map(String)];
    const printed = execFileSync(line[0]!, line.slice(1), {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return printed
      .trim()
      .split('\n')
      .map((ns) => ({ work: events, seconds: Number(ns) / 1e9 }));
  } catch {
    // Without the headers of liblttng-ust-dev, or where no daemon may be started.
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
