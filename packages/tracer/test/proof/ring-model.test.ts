import { describe, expect, it } from 'vitest';
import { rseq } from '@rseqlab/rseq-runtime';
import { SMALL_ROWS, modelText, searched } from './ring-rows.js';
import type { RingRow } from './ring-rows.js';

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
      // It came to the end of what it was to search, and not to another limit.
      const end = /^the bound of|^the number of executions to sample$/;
      expect(result.outcome === 'holds' || end.test(result.reason ?? '')).toBe(true);
    },
  );

  it('is found to use a slot twice on a kernel that never aborts', () => {
    const [row] = SMALL_ROWS;
    const changes = { machine: { kernel: [rseq({ aborts: false })] } };
    expect(searched(row!, changes)).toMatchObject({ outcome: 'fails', kernelEvents: 1 });
  });
});
