import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { RcuDomain } from '../src/domain/rcu-domain.js';
import { forkingReader } from './fork-scenario.js';
import type { Forkable } from './fork-scenario.js';

const perCpu = (...args: Parameters<typeof RcuDomain.create>): Forkable =>
  RcuDomain.create(...args);

const sampled = { search: 'pct', seed: 1, executions: 150, kernelEvents: 0 } as const;

describe('a reader that forks inside of its section', () => {
  it('is waited for in the child, and a thread that is not there is not', () => {
    for (const besideReader of [false, true]) {
      const result = check(forkingReader({ make: perCpu, besideReader }), sampled);
      expect(result.finding).toBeUndefined();
      expect(result.executions).toBe(150);
    }
  });

  it('is lost where fork sets the counters to 0, which is found', () => {
    const zeroed = forkingReader({
      make: perCpu,
      inChild: (t, rcu) => rcu.afterForkChild(t),
    });
    // That the updater never wakes is the other thing that may happen.
    expect(check({ ...zeroed, allowBlocked: true }, sampled)).toMatchObject({
      outcome: 'fails',
      finding: { message: 'expected the child to see no freed memory' },
    });
  });

  it('waits for ever for a thread that is not there without a handler, which is found', () => {
    const unhandled = forkingReader({
      make: perCpu,
      besideReader: true,
      *inChild() {
        // Goes on as if nothing had happened.
      },
    });
    expect(check(unhandled, sampled)).toMatchObject({
      outcome: 'fails',
      finding: { kind: 'deadlock' },
    });
  });
});
