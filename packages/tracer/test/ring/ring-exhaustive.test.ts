// Sections that do not look at the clock: times would tell states apart that differ in nothing else.
import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { recording, TIMELESS } from './ring-scenario.js';

const search = 'states';

const MODELS = ['sc', 'tso', 'weak'] as const;

/** How far each is searched: everything within two kernel events; of the larger models samples. */
const SEARCH = {
  sc: { search, kernelEvents: 2 },
  tso: { search: 'pct', executions: 400, kernelEvents: 2 },
  weak: { search: 'pct', executions: 400, kernelEvents: 2 },
} as const;

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

  it.each(MODELS)('use no slot twice where the offset wraps between them, %s', (memory) => {
    const scenario = recording({ machine: { cpus: 1, memory }, from: -32 });
    const result = check(scenario, SEARCH[memory]);
    expect(result.finding).toBeUndefined();
  });

  it.each(MODELS)('fill a sub-buffer to its last byte, and begin the next one, %s', (memory) => {
    const scenario = recording({
      machine: { cpus: 1, memory },
      geometry: { subbufBytes: 16, subbufCount: 2, mode: 'discard', isShared: false },
      threads: [0, 1].map(
        () =>
          function* (t, buffers, thread) {
            yield* buffers.record(t, thread, [100 + thread, 0]);
          },
      ),
    });
    const result = check(scenario, SEARCH[memory]);
    expect(result.finding).toBeUndefined();
  });

  it.each(MODELS)('are found to use a slot twice on a kernel that never aborts, %s', (memory) => {
    const kernel = [rseq({ aborts: false })];
    const scenario = recording({ machine: { cpus: 1, memory, kernel } });
    const how = memory === 'sc' ? ({ search } as const) : { ...SEARCH[memory], executions: 4000 };
    expect(check(scenario, how)).toMatchObject({ outcome: 'fails' });
  });
});
