import { describe, expect, it } from 'vitest';
import { ExplorerError } from '../../src/explorer-error.js';
import { limitsOf } from '../../src/search/check-limits.js';
import { check } from '../../src/search/check.js';
import { scenarioOf, store } from './straight-line.js';

describe('the limits of a check', () => {
  it('have defaults', () => {
    expect(limitsOf({})).toEqual({
      kernelEvents: Infinity,
      preemptions: Infinity,
      delays: Infinity,
      executions: 1_000_000,
      decisions: 100_000,
    });
  });

  it('are taken over when they are given', () => {
    const limits = {
      kernelEvents: 0,
      preemptions: 1,
      delays: 2,
      executions: 1,
      decisions: Infinity,
    };
    expect(limitsOf(limits)).toEqual(limits);
  });

  it.each([
    [{ kernelEvents: -1 }, 'expected kernelEvents to be an integer of at least 0, got -1'],
    [{ kernelEvents: 1.5 }, 'got 1.5'],
    [{ kernelEvents: NaN }, 'got NaN'],
    [{ preemptions: -1 }, 'expected preemptions to be an integer of at least 0, got -1'],
    [{ delays: 0.5 }, 'expected delays to be an integer of at least 0, got 0.5'],
    [{ executions: 0 }, 'expected executions to be an integer of at least 1, got 0'],
    [{ executions: '9' as unknown as number }, 'got 9'],
    [{ decisions: 0 }, 'expected decisions to be an integer of at least 1, got 0'],
    [{ decisions: -Infinity }, 'got -Infinity'],
  ])('are refused with ERR_OPTION: %j', (limits, message) => {
    const refuse = (): unknown => check(scenarioOf([[store(0)]], 'sc'), limits);
    expect(refuse).toThrow(ExplorerError);
    expect(refuse).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTION',
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});
