// Sections that do not look at the clock: times would tell states apart that differ in nothing else.
import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { recording, TIMELESS } from './ring-scenario.js';

const search = 'states';

describe('two threads that record', () => {
  it('use no slot twice and lose no event uncounted, in every interleaving on one CPU', () => {
    const result = check(recording({ machine: { cpus: 1 } }), { search });
    expect(result).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it('begin again after an abort, and lose nothing to a single one', () => {
    const variant = { ...TIMELESS, attempts: 2 };
    const result = check(recording({ machine: { cpus: 1 }, variant }), { search, kernelEvents: 2 });
    expect(result.finding).toBeUndefined();
    expect(result.kernelEvents).toBe(2);
  });

  it('use no slot twice on two CPUs, whatever one kernel event does', () => {
    const result = check(recording(), { search, kernelEvents: 1 });
    expect(result.finding).toBeUndefined();
    expect(result.kernelEvents).toBe(1);
  });

  it('use no slot twice where the offset wraps between them', () => {
    const scenario = recording({ machine: { cpus: 1 }, from: -32 });
    const result = check(scenario, { search, kernelEvents: 2 });
    expect(result.finding).toBeUndefined();
  });

  it('fill a sub-buffer to its last byte, and begin the next one', () => {
    const scenario = recording({
      machine: { cpus: 1 },
      geometry: { subbufBytes: 16, subbufCount: 2, mode: 'discard', isShared: false },
      threads: [0, 1].map(
        () =>
          function* (t, buffers, thread) {
            yield* buffers.record(t, thread, [100 + thread, 0]);
          },
      ),
    });
    const result = check(scenario, { search, kernelEvents: 2 });
    expect(result.finding).toBeUndefined();
  });

  it('are found to use a slot twice on a kernel that never aborts', () => {
    const scenario = recording({ machine: { cpus: 1, kernel: [rseq({ aborts: false })] } });
    expect(check(scenario, { search })).toMatchObject({ outcome: 'fails' });
  });
});
