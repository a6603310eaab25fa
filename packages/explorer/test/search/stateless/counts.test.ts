import { describe, expect, it } from 'vitest';
import { StatelessSearch } from '../../../src/search/stateless/stateless-search.js';
import { COUNTED_LARGE_PROGRAMS, COUNTED_PROGRAMS } from '../counted-programs.js';
import { scenarioOf } from '../straight-line.js';

/** Memory that is quick to make. */
const SMALL = { memoryBytes: 2 ** 22 };

describe.each(['sc', 'tso'] as const)('%s', (memory) => {
  it.each([...COUNTED_PROGRAMS, ...COUNTED_LARGE_PROGRAMS])(
    '%s',
    (_name, program, sc, tso, initial) => {
      const checked = scenarioOf(program, memory, new Set(), initial ?? []);
      const search = new StatelessSearch(checked, SMALL);
      const result = search.run({ kernelEvents: Infinity, executions: 100000, decisions: 1000 });
      expect(result).toMatchObject({
        end: 'all',
        classes: memory === 'sc' ? sc : tso,
        executions: memory === 'sc' ? sc : tso,
        redundant: 0,
        blocked: 0,
      });
    },
  );
});
