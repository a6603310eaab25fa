import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import type { MemoryModelName } from '@rseqlab/sim-machine';
import { poisoning } from './poisoning.js';
import { POISONED_USES } from './poisoned-uses.js';
import { small } from './small-workloads.js';

const everyState = { search: 'states', kernelEvents: 0 } as const;
const sampled = { search: 'pct', kernelEvents: 0, executions: 4000, seed: 1 } as const;
const readFree = { kind: 'assertion', message: 'expected no memory to be read that is free' };

/** The others take minutes: `npm run proof -- poisoned`. */
const SMALL = Object.entries(POISONED_USES).filter(([, { isLarge = false }]) => !isLarge);

describe.each(SMALL)('a %s whose free nodes are poisoned', (_, use) => {
  const { structure, waits, reclamation, work, leftOut } = use;
  const correct = { structure, waits, ...(reclamation && { reclamation }) };

  it(`is read by nobody where it is free, in every state under weak: ${work[0]!}`, () => {
    const program = poisoning({ ...correct, work: small(work[0]!), memory: 'weak' });
    expect(check(program, everyState)).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  for (const { order, words, breaking, isRedundant = false, isRare = false } of leftOut) {
    if (isRedundant) continue;
    it(`needs each ${order}, under weak alone: ${words}`, () => {
      const under = (memory: MemoryModelName) =>
        poisoning({ ...correct, work: small(words), breaking, memory });
      // What holds under tso does under sc; what takes long there is in the table of the proof.
      expect(check(under(isRare ? 'sc' : 'tso'), everyState).outcome).toBe('holds');
      expect(check(under('weak'), isRare ? sampled : everyState)).toMatchObject({
        outcome: 'fails',
        finding: readFree,
      });
    });
  }
});
