import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { reclaiming } from './reclaiming.js';
import { shortestReclamation } from './reclamation.js';
import { SMALL_USES, small } from './small-workloads.js';

const everyClass = { search: 'classes', kernelEvents: 0 } as const;

describe.each(Object.entries(SMALL_USES))('a %s, in every class of executions', (_, use) => {
  const { structure, waits, mistakes } = use;
  const correct = { structure, waits, reclamation: shortestReclamation };

  it.each(use.work.slice(0, use.inTest))(
    'is linearizable, and nobody uses what is freed: %s',
    (words) => {
      const result = check(reclaiming({ ...correct, ...small(words) }), everyClass);
      expect(result).toMatchObject({ outcome: 'holds', blocked: 0 });
    },
  );

  it.each(mistakes)('is found to go wrong with $mistake: $words', ({ words, change, kind }) => {
    const result = check(reclaiming({ ...correct, ...small(words), ...change }), everyClass);
    expect(result).toMatchObject({ outcome: 'fails', finding: { kind } });
  });
});
