import { describe, expect, it } from 'vitest';
import { check } from '@rseqlab/explorer';
import { CountedFlavour } from '../src/classic/counted-flavour.js';
import { QsbrFlavour } from '../src/classic/qsbr-flavour.js';
import { RcuDomain } from '../src/domain/rcu-domain.js';
import { forkingReader } from './fork-scenario.js';
import type { Forking } from './fork-scenario.js';

const perCpu: Forking['make'] = (machine, process) => RcuDomain.create(machine, process);

const sampled = { search: 'pct', seed: 1, executions: 150, kernelEvents: 0 } as const;

describe.each<[string, Forking['make']]>([
  ['per-CPU', perCpu],
  ['memb', (machine, process) => CountedFlavour.create(machine, process, 'memb')],
  ['bp', (machine, process) => CountedFlavour.create(machine, process, 'bp')],
  ['qsbr', (machine, process) => QsbrFlavour.create(machine, process)],
])('a reader of %s that forks inside of its section', (name, make) => {
  it('is waited for in the child, and a thread that is not there is not', () => {
    const executions = name === 'per-CPU' ? 150 : 40;
    for (const besideReader of [false, true]) {
      const result = check(forkingReader({ make, besideReader }), { ...sampled, executions });
      expect(result.finding).toBeUndefined();
      expect(result.executions).toBe(executions);
    }
  });

  it('waits for ever for a thread that is not there without a handler, which is found', () => {
    const unhandled = forkingReader({
      make,
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

describe('a reader that forks inside of its section', () => {
  it('is lost where fork sets the counters to 0, which is found', () => {
    const zeroed = forkingReader({
      make: (machine, process) => RcuDomain.create(machine, process, { leftBy: 'anybody' }),
      inChild: (t, rcu) => rcu.afterForkChild(t),
    });
    // That the updater never wakes is the other thing that may happen.
    expect(check({ ...zeroed, allowBlocked: true }, sampled)).toMatchObject({
      outcome: 'fails',
      finding: { message: 'expected the child to see no freed memory' },
    });
  });
});
