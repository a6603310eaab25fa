import { describe, expect, it } from 'vitest';
import { ExplorerError } from '../../src/explorer-error.js';
import { check } from '../../src/search/check.js';
import type { CheckOptions } from '../../src/search/check.js';
import { adding } from './sampling/hunted-bugs.js';
import { load, scenarioOf, store } from './straight-line.js';

describe('the options of a check', () => {
  it.each<[CheckOptions, string]>([
    [{ search: 'best' as 'walk' }, 'expected a search of graphs, states, '],
    [
      { search: 'graphs', depth: 2 },
      'expected settings that search "graphs" understands (preemptions, delays), got depth',
    ],
    [{ seed: 1 }, 'expected settings that search "graphs" understands'],
    [{ search: 'walk', depth: 2 }, 'got depth'],
    [{ search: 'pct', depth: 0 }, 'expected depth to be an integer from 1 to 1000, got 0'],
    [{ search: 'random', seed: 0.5 }, 'expected seed to be an integer from -2147483648 to'],
    [{ search: 'random', deepen: true }, 'expected a bound on kernelEvents for a search'],
  ])('are refused with ERR_OPTION: %j', (options, message) => {
    const refuse = (): unknown => check(adding(true), options);
    expect(refuse).toThrow(ExplorerError);
    expect(refuse).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTION',
        message: expect.stringContaining(message) as string,
      }),
    );
  });

  it('may be left undefined', () => {
    const nothing = { search: undefined, seed: undefined, delays: undefined };
    expect(check(adding(true), nothing as unknown as CheckOptions).outcome).toBe('holds');
  });
});

describe('a check by states', () => {
  it('counts states and tells no classes apart', () => {
    const program = [[store(0)], [store(0)], [load(0)]];
    const states = check(scenarioOf(program, 'sc'), { search: 'states' });
    const graphs = check(scenarioOf(program, 'sc'), { search: 'graphs' });
    expect(states).toMatchObject({ outcome: 'holds', classes: 0 });
    expect(graphs).toMatchObject({ outcome: 'holds', classes: 6 });
    expect(states.states).toBeLessThan(graphs.states);
  });
});
