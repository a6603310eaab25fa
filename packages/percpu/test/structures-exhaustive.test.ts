// By mm_cid on Linux 6.19, whose ids they are. On two CPUs the items of copy buffers are one word, so
// that a test takes seconds: those of two words hold as well (180,594 executions where both push).
import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import type { Scenario } from '@rseqlab/explorer';
import {
  allocating,
  buffering,
  copying,
  counting,
  emptying,
  locking,
} from './structure-scenarios.js';
import type { Setting } from './structure-scenarios.js';

type Structure = readonly [name: string, make: (setting: Setting) => Scenario];

const STRUCTURES: readonly Structure[] = [
  ['counter', counting],
  ['spin lock', locking],
  ['list', allocating],
  ['list with pop all', emptying],
  ['buffer', buffering],
  ['copy buffer', copying],
];

describe.each(['cpu_id', 'mm_cid'] as const)('two threads, structures by %s:', (index) => {
  it.each(STRUCTURES)('a %s holds on one CPU in every interleaving', (_, make) => {
    expect(check(make({ cpus: 1, index }))).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it.each(STRUCTURES)('a %s holds on two CPUs in every interleaving', (_, make) => {
    const result = check(make({ cpus: 2, index, itemBytes: 4 }));
    expect(result).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it.each([
    ['buffer', buffering],
    ['copy buffer', copying],
  ] as const)('a %s that both push to holds on two CPUs in every interleaving', (_, make) => {
    const result = check(make({ cpus: 2, index, second: 'pushes', itemBytes: 4 }));
    expect(result).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it.each(STRUCTURES)('a %s on a kernel that never aborts is found to fail', (_, make) => {
    for (const second of ['pops', 'pushes'] as const)
      for (const cpus of [1, 2])
        if (make !== copying || second === 'pushes')
          expect(check(make({ cpus, index, second, aborts: false }))).toMatchObject({
            outcome: 'fails',
          });
  });
});

describe('under tso, on one CPU,', () => {
  it.each(STRUCTURES.slice(0, 1))('a %s holds in every interleaving', (_, make) => {
    expect(check(make({ cpus: 1, memory: 'tso' }))).toMatchObject({ outcome: 'holds' });
  });

  it.each(STRUCTURES.slice(1))('a %s holds as far as one kernel event goes', (_, make) => {
    const result = check(make({ cpus: 1, memory: 'tso' }), { kernelEvents: 1 });
    expect(result).toMatchObject({ outcome: 'unknown', kernelEvents: 1 });
    expect(result).not.toHaveProperty('finding');
  });
});
