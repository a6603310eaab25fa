import { expect, it } from 'vitest';
import { REDUCED } from '../workload/reduced-scenarios.js';

it('counts every scenario and bound once, by a name of its own', () => {
  const rows = REDUCED.map(({ checked, kernelEvents }) => `${checked.name}, ${kernelEvents}`);
  expect([...new Set(rows)]).toEqual(rows);
});
