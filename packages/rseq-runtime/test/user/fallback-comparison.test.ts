import { describe, expect, it } from 'vitest';
import { CUBIETRUCK, XEON_E5_2630V3 } from '@rseqlab/sim-machine';
import { compareFallbacks } from '../../src/user/fallback-comparison.js';
import type { EncodingCost, FallbackRow } from '../../src/user/fallback-comparison.js';

const rows = compareFallbacks(XEON_E5_2630V3);

function row(operation: string): FallbackRow {
  return rows.find((entry) => entry.operation === operation)!;
}

function costOf(operation: string, which: 'vector' | 'bpf' | 'ebpf'): EncodingCost {
  const entry = row(operation)[which];
  if ('reason' in entry) throw new Error(entry.reason);
  return entry;
}

describe('cpu_opv, classic BPF and eBPF compared', () => {
  it('says what cannot be expressed, and why', () => {
    const missing = rows.flatMap(({ operation, ...encodings }) =>
      Object.entries(encodings).flatMap(([which, entry]) =>
        'reason' in entry ? [[operation, which, entry.reason]] : [],
      ),
    );
    expect(missing).toEqual([
      ['add, 64 bits', 'bpf', 'its registers have 32 bits: 8 bytes take two accesses each way'],
      ['list pop', 'vector', 'no operand is an address that an earlier operation loaded'],
      ['copy 64 bytes, store release', 'bpf', 'it has no fence'],
    ]);
  });

  it('counts the bytes that the kernel copies in', () => {
    expect(costOf('add', 'vector').bytes).toBe(32);
    // Two operations and two constants behind them.
    expect(costOf('compare and store', 'vector').bytes).toBe(2 * 32 + 2 * 8);
    expect(costOf('add', 'bpf').bytes).toBe(4 * 8);
    expect(costOf('copy 4096 bytes, store', 'bpf').bytes).toBe((2 * 1024 + 3) * 8);
  });

  it('prices every call above a system call that does nothing', () => {
    const { cycles } = XEON_E5_2630V3.costs.Syscall;
    for (const { operation, ...encodings } of rows)
      for (const entry of Object.values(encodings))
        if (!('reason' in entry)) expect(entry.cycles, operation).toBeGreaterThan(cycles);
  });

  it('is cheapest by a vector where a page is copied, and by a program where a word is', () => {
    const page = 'copy 4096 bytes, store';
    expect(costOf(page, 'vector').cycles).toBeLessThan(costOf(page, 'ebpf').cycles);
    expect(costOf(page, 'ebpf').cycles).toBeLessThan(costOf(page, 'bpf').cycles);
    expect(costOf('add', 'bpf').cycles).toBeLessThan(costOf('add', 'vector').cycles);
    expect(costOf('add', 'vector').cycles).toBeLessThan(costOf('add', 'ebpf').cycles);
  });

  it('follows the machine', () => {
    const other = compareFallbacks(CUBIETRUCK)[0]!.vector as EncodingCost;
    expect(other.bytes).toBe(costOf('add', 'vector').bytes);
    expect(other.cycles).not.toBe(costOf('add', 'vector').cycles);
  });
});
