import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLkmm } from '../../src/lkmm/parse-lkmm.js';
import type { LkmmLimits, LkmmResult } from '../../src/lkmm-search/lkmm-search.js';
import { LkmmSearch } from '../../src/lkmm-search/lkmm-search.js';
import { createKernelRcu } from '../../src/lkmm-search/kernel-rcu.js';
import type { SearchedModel } from '../../src/litmus-search/litmus-machine.js';

const FOLDER = new URL('../../../../examples/lkmm/', import.meta.url);

function run(
  model: SearchedModel,
  name: string,
  limits: LkmmLimits,
  isSimulated = false,
): LkmmResult {
  const text = readFileSync(new URL(`${name}.litmus`, FOLDER), 'utf8');
  const search = new LkmmSearch(model, { create: createKernelRcu, isSimulated });
  return search.run(parseLkmm(text, name), limits);
}

describe('a C test that is given up', () => {
  it.each<SearchedModel>(['tso', 'weak'])(
    'shows what more executions come to as well, under %s',
    (model) => {
      const alone = run(model, 'SB', { executions: 1 });
      expect(alone).toMatchObject({ complete: false, executions: 1 });
      expect(alone.outcome.states).toHaveLength(1);
      expect(alone.samples).toBe(undefined);
      const besides = run(model, 'SB', { executions: 1, samples: 20 });
      expect(besides).toMatchObject({ complete: false, executions: 1, samples: 40 });
      expect(besides.outcome.states).toHaveLength(4);
    },
  );

  it('comes to the same each time', () => {
    const limits = { executions: 1, samples: 3 };
    expect(run('weak', 'SB', limits)).toEqual(run('weak', 'SB', limits));
  });

  it('tells who waits for whom, and makes no more then', () => {
    const { outcome, samples } = run('tso', 'RCU+sync-inside', { executions: 0, samples: 20 });
    expect(outcome).toMatchObject({ verdict: 'DEADLOCK', deadlock: { cycle: ['P0', 'P0'] } });
    expect(samples).toBe(2);
  });

  it('tells what threads must not do', () => {
    const { outcome } = run('weak', 'RCU+unmatched-lock', { executions: 0, samples: 1 });
    expect(outcome.misuses).toMatchObject([{ flag: 'unmatched-rcu-lock' }]);
  });

  it('is whole where one execution of each class was made', () => {
    const { complete, samples, outcome } = run('tso', 'SB', { executions: 1, samples: 20 }, true);
    expect({ complete, samples }).toEqual({ complete: true, samples: 4 });
    expect(outcome.states).toHaveLength(4);
  });
});

it('makes none besides for a C test that comes to its end', () => {
  const { complete, samples } = run('tso', 'SB', { samples: 20 });
  expect({ complete, samples }).toEqual({ complete: true, samples: undefined });
});
