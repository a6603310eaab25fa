import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metadataText } from '../src/metadata/write-metadata.js';
import type { HeaderKind } from '../src/packet/packet-layout.js';
import { examplePackets, exampleTrace } from './example-trace.js';

const isPresent = spawnSync('babeltrace2', ['--version']).status === 0;

const TICKS = [100n, 101n + 2n ** 27n - 1n, 2n ** 32n + 5n, 2n ** 40n];

/** What babeltrace2 prints of a trace in a folder of its own. */
function babeltrace(kind: HeaderKind): string {
  const folder = mkdtempSync(join(tmpdir(), 'trace-format-'));
  try {
    writeFileSync(join(folder, 'metadata'), metadataText(exampleTrace(kind).trace));
    writeFileSync(join(folder, 'stream_0'), examplePackets(kind, TICKS));
    const options = ['--clock-cycles', '--no-delta', folder];
    return execFileSync('babeltrace2', options, { encoding: 'utf8', stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!isPresent)('babeltrace2 (skipped where it is not installed)', () => {
  it.each<HeaderKind>(['compact', 'large'])('reads what was written with %s headers', (kind) => {
    const lines = babeltrace(kind).trimEnd().split('\n');
    const ticks = lines.filter((line) => line.includes('lab:tick'));
    expect(ticks).toEqual(
      [...TICKS, TICKS.at(-1)! + 1n].map(
        (cycles, n) =>
          `[${String(cycles).padStart(20, '0')}] lab:tick: { cpu_id = 3 }, { value = ${n < TICKS.length ? n : 99} }`,
      ),
    );
    const every = lines.find((line) => line.includes('lab:every'))!;
    expect(every).toContain('u32be = 0xDEADBEEF');
    expect(every).toContain('s64 = -4611686018427387904');
    expect(every).toContain('u64 = 9223372036854775813');
    expect(every).toContain('bits3 = 5, bits11 = -700');
    expect(every).toContain('state = ( "SLEEPING" : container = 2 )');
    expect(every).toContain('array = [ [0] = 1, [1] = 2, [2] = 65535 ]');
    expect(every).toContain('text = "grüße"');
    expect(every).toContain('characters = "abc"');
    expect(every).toContain('sequence = [ [0] = 7, [1] = 4294967295 ]');
    expect(every).toContain('pair = { x = 1, y = 2 }');
  });
});
