import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { SMALL_ROWS, modelText, searched } from './ring-rows.js';
import type { RingRow } from './ring-rows.js';
import { TIMELESS, recordOnce, recording } from '../ring/ring-scenario.js';

const titled = SMALL_ROWS.map((row): [string, string, RingRow] => [
  modelText(row.model),
  row.memory,
  row,
]);

describe('a ring of 8 slots in 2 sub-buffers', () => {
  it.each(titled)(
    'has every record once, whole or counted as lost: %s, under %s',
    (_1, _2, row) => {
      const result = searched(row);
      expect(result.finding).toBeUndefined();
      if (row.states !== undefined) expect(result.states).toBe(row.states);
      // It came to the end of what it was to search, and not to another limit.
      const end = /^the bound of|^the number of executions to sample$/;
      expect(result.outcome === 'holds' || end.test(result.reason ?? '')).toBe(true);
    },
  );

  it.each([false, true])(
    'is found to use a slot twice on a kernel that never aborts, tracers interchangeable: %s',
    (symmetry) => {
      const [row] = SMALL_ROWS;
      const changes = { machine: { kernel: [rseq({ aborts: false })] } };
      expect(searched({ ...row!, symmetry }, changes)).toMatchObject({
        outcome: 'fails',
        kernelEvents: 1,
      });
    },
  );

  it('is found to lose a commit that sections and atomics count on one word, tracers interchangeable', () => {
    const lossy = recording({
      variant: { ...TIMELESS, splitsCommits: false },
      cpus: [0, 0, 0],
      threads: [recordOnce, recordOnce, recordOnce],
      interchangeable: [[0, 1, 2]],
    });
    const options = { search: 'states', symmetry: true, kernelEvents: 1 } as const;
    expect(check(lossy, options)).toMatchObject({
      outcome: 'fails',
      finding: { message: expect.stringContaining('to be committed') as string },
    });
  });
});
