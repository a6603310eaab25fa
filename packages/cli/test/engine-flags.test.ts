import { expect, it } from 'vitest';
import { engineWorkOf } from '../src/engine-flags.js';

it('a search of states is told by its option, however it is written', () => {
  expect(engineWorkOf(['check', 'one.ts', '--search', 'states'])).toBe('states');
  expect(engineWorkOf(['check', '--search=states', 'one.ts'])).toBe('states');
});

it('all other searches are of many short runs, and a run is one long one', () => {
  expect(engineWorkOf(['check', 'states', '--search', 'classes'])).toBe('search');
  expect(engineWorkOf(['check', 'one.ts', '--search'])).toBe('search');
  expect(engineWorkOf(['run', 'one.ts'])).toBe('run');
  expect(engineWorkOf([])).toBe('search');
});
