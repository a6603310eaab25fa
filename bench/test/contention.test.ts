import { describe, expect, it } from 'vitest';
import { EPYC } from '@rseqlab/sim-machine';
import { contendedAddNs } from '../workload/contended-add-ns.js';

describe('an atomic add to a word that all CPUs add to', () => {
  it('costs a transfer and an atomic for each of them', () => {
    const { RemoteDirty, Atomic } = EPYC.costs;
    const turnNs = ((RemoteDirty.cycles + Atomic.cycles) * 1000) / EPYC.frequencyMhz;
    for (const cpus of [4, 16, 64]) {
      const turns = contendedAddNs(EPYC, cpus) / turnNs;
      expect(turns).toBeGreaterThan(0.95 * cpus);
      expect(turns).toBeLessThan(1.05 * cpus);
    }
  });

  it('costs the atomic where there is one CPU', () => {
    const atomicNs = (EPYC.costs.Atomic.cycles * 1000) / EPYC.frequencyMhz;
    expect(contendedAddNs(EPYC, 1)).toBeLessThan(1.3 * atomicNs);
  });
});
