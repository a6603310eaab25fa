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

  it.each([
    ['counter', counting],
    ['spin lock', locking],
    ['list with pop all', emptying],
  ] as const)('a %s holds on two CPUs in every interleaving', (_, make) => {
    expect(check(make({ cpus: 2, index }))).toMatchObject({ outcome: 'holds', blocked: 0 });
  });

  it.each<readonly [...Structure, kernelEvents: number, second: 'pushes' | 'pops']>([
    ['list', allocating, 3, 'pops'],
    ['buffer', buffering, 3, 'pops'],
    ['buffer that both push to', buffering, 2, 'pushes'],
    ['copy buffer', copying, 2, 'pops'],
    ['copy buffer that both push to', copying, 2, 'pushes'],
  ])('a %s holds on two CPUs as far as a few kernel events go', (_, make, kernelEvents, second) => {
    const result = check(make({ cpus: 2, index, second }), { kernelEvents });
    expect(result).toMatchObject({ outcome: 'unknown', kernelEvents, blocked: 0 });
    expect(result).not.toHaveProperty('finding');
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
