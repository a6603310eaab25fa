import { describe, expect, it } from 'vitest';
import { XEON_E5_2630V3 } from '@rseqlab/sim-machine';
import { compareFallbacks } from '../../src/user/fallback-comparison.js';

const rows = compareFallbacks(XEON_E5_2630V3);
const row = (operation: string) => rows.find((entry) => entry.operation === operation)!;

describe('cpu_opv, classic BPF and eBPF compared', () => {
  it('prints', () => {
    console.log(JSON.stringify(rows, null, 1));
    expect(row('add')).toBeDefined();
  });
});
