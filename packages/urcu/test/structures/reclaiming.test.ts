import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { STRUCTURES, queue } from './reclaimed-structures.js';
import { realReclamation as reclamation } from './reclamation.js';
import { reclaiming } from './reclaiming.js';
import type { Calls } from './reclaiming.js';

/** Two threads put and take, a third takes. */
const CONTENDING: Calls = [
  [
    ['put', 0],
    ['take', -1],
  ],
  [
    ['put', 1],
    ['take', -1],
  ],
  [['take', -1]],
];

/** An updater puts two nodes in and takes the first out; readers look for either. */
const LOOKED_THROUGH: Calls = [
  [
    ['add', 0],
    ['add', 1],
    ['del', 0],
  ],
  [
    ['has', 0],
    ['has', 1],
  ],
];

/** Entries come and go, one is looked for, and the table grows and shrinks. */
const RESIZED: Calls = [
  [
    ['add', 0],
    ['del', 0],
  ],
  [
    ['has', 0],
    ['add', 1],
    ['del', 1],
  ],
  [
    ['resize', 2],
    ['resize', 1],
  ],
];

const CALLS: Readonly<Record<keyof typeof STRUCTURES, Calls>> = {
  'wait-free stack': CONTENDING,
  'lock-free stack': CONTENDING,
  list: LOOKED_THROUGH,
  hlist: LOOKED_THROUGH,
  'hash table': RESIZED,
  'lock-free queue': CONTENDING,
};

const sampled = { search: 'pct', seed: 1, executions: 150, kernelEvents: 0 } as const;

describe.each(Object.entries(STRUCTURES))(
  'a %s behind grace periods of a domain',
  (name, structure) => {
    const calls = CALLS[name as keyof typeof STRUCTURES];

    it('is linearizable, and nobody uses what is freed', () => {
      const { finding, executions } = check(reclaiming({ structure, calls, reclamation }), sampled);
      expect(finding).toBeUndefined();
      expect(executions).toBe(sampled.executions);
    });
  },
);

describe('a queue whose takers exclude each other', () => {
  it('is linearizable, and what is taken out is free at once', () => {
    const { finding } = check(
      reclaiming({ structure: queue(), calls: CONTENDING, waits: false, reclamation }),
      sampled,
    );
    expect(finding).toBeUndefined();
  });
});
