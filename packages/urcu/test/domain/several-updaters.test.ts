import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { severalUpdaters } from './several-updaters-scenario.js';

const all = { search: 'states', kernelEvents: 0, reduce: true } as const;

describe('three threads of a domain, each on a CPU of its own', () => {
  const threads = { readers: 2, updaters: 1, memory: 'sc' } as const;

  it('see no freed memory, in every state', () => {
    const result = check(severalUpdaters(threads), all);
    expect(result.finding).toBeUndefined();
    expect(result.reason).toBe('the bound of 0 kernel events');
  });

  it('do where the updater does not wait, which is found', () => {
    expect(check(severalUpdaters({ ...threads, waits: false }), all)).toMatchObject({
      outcome: 'fails',
      finding: { message: 'expected no freed memory to be read' },
    });
  });
});

describe('two readers and two updaters', () => {
  const threads = { readers: 2, updaters: 2, memory: 'sc' } as const;
  const once = { search: 'states', kernelEvents: 0, preemptions: 1 } as const;

  it('see no freed memory with one preemption, in every state', () => {
    const result = check(severalUpdaters(threads), once);
    expect(result.finding).toBeUndefined();
    expect(result.reason).toBe('the bound of 0 kernel events and 1 preemptions');
  });

  it('do where updaters that share a CPU do not wait, which is found', () => {
    expect(check(severalUpdaters({ ...threads, isShared: true, waits: false }), all)).toMatchObject(
      { outcome: 'fails' },
    );
  });
});
