import { describe, expect, it } from 'vitest';
import { checkGeometry } from '../../src/ring/ring-geometry.js';
import type { RingGeometry } from '../../src/ring/ring-geometry.js';
import { RingLayout, RingOffset, SubbufOffset } from '../../src/ring/ring-layout.js';
import type { TracerError } from '../../src/tracer-error.js';
import { SMALL } from './ring-scenario.js';

function codeOf(geometry: Partial<RingGeometry>): string {
  try {
    checkGeometry({ ...SMALL, ...geometry });
    return 'fine';
  } catch (error) {
    return (error as TracerError).code;
  }
}

describe('the geometry of a ring', () => {
  it.each([8, 24, 0, -32, NaN, 2 ** 25, 32.5])('has no sub-buffers of %d bytes', (subbufBytes) => {
    expect(codeOf({ subbufBytes })).toBe('ERR_CHANNEL');
  });

  it.each([0, 3, 2048, Infinity])('has not %d sub-buffers', (subbufCount) => {
    expect(codeOf({ subbufCount })).toBe('ERR_CHANNEL');
  });

  it('takes one sub-buffer to discard and two to overwrite', () => {
    expect(codeOf({ subbufCount: 1 })).toBe('fine');
    expect(codeOf({ subbufCount: 1, mode: 'overwrite' })).toBe('ERR_CHANNEL');
    expect(codeOf({ subbufCount: 2, mode: 'overwrite' })).toBe('fine');
    expect(codeOf({ mode: 'both' as never })).toBe('ERR_CHANNEL');
  });
});

describe('the layout of a ring', () => {
  it.each(['discard', 'overwrite'] as const)('has nothing twice, mode %s', (mode) => {
    const layout = new RingLayout({ ...SMALL, mode });
    const places: [at: number, bytes: number][] = [
      [RingOffset.offset, 4],
      [RingOffset.consumed, 4],
      [RingOffset.lost, 24],
      [RingOffset.table, mode === 'overwrite' ? 8 : 0],
    ];
    for (let n = 0; n < layout.physicalCount; n++)
      places.push([layout.recordOf(n), SubbufOffset.nanoseconds + 4], [layout.dataOf(n), 32]);
    places.sort(([a], [b]) => a - b);
    for (const [n, [at, bytes]] of places.entries())
      expect(at + bytes).toBeLessThanOrEqual(places[n + 1]?.[0] ?? layout.strideBytes);
  });
});
