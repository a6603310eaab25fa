import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MemorySink } from '../../src/consumer/trace-sink.js';

/** Whether babeltrace2 can be run. */
export const hasBabeltrace = spawnSync('babeltrace2', ['--version']).status === 0;

/** What babeltrace2 prints of a trace, and warns of. */
export function babeltrace(sink: MemorySink): {
  readonly lines: string[];
  readonly stderr: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'tracer-'));
  try {
    writeFileSync(join(folder, 'metadata'), sink.text);
    for (const [stream, packets] of sink.packets)
      writeFileSync(join(folder, stream), Buffer.concat(packets));
    const options = ['--clock-cycles', '--no-delta', folder];
    const { status, stdout, stderr } = spawnSync('babeltrace2', options, { encoding: 'utf8' });
    if (status !== 0) execFileSync('false', { input: stderr });
    return { lines: stdout.split('\n').filter((line) => line !== ''), stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
