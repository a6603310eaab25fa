import { expect, it } from 'vitest';
import { UnseenStores } from '../../../src/search/spin/unseen-stores.js';

it('has a store until it reached memory, for its own CPU alone', () => {
  const stores = new UnseenStores();
  stores.add(0, 64, 4);
  stores.add(0, 64, 4);
  stores.remove(0, 64, 4);
  expect(stores.has(0, 65, 1)).toBe(true);
  expect(stores.has(0, 68, 4)).toBe(false);
  expect(stores.has(1, 64, 4)).toBe(false);
  stores.remove(0, 64, 4);
  expect(stores.has(0, 64, 4)).toBe(false);
});

it('passes over a store that was made before anybody listened', () => {
  const stores = new UnseenStores();
  stores.add(1, 64, 4);
  stores.remove(0, 64, 4);
  expect(stores.has(1, 64, 4)).toBe(true);
  stores.clear();
  expect(stores.has(1, 64, 4)).toBe(false);
});
