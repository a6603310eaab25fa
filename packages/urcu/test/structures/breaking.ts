import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { Breaking } from './reclaiming.js';

/** A thread some of whose accesses are others. */
export function changed(t: Thread, accesses: Partial<Thread>): Thread {
  return new Proxy(t, {
    get(target, name) {
      const value: unknown = Reflect.get(name in accesses ? accesses : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Read-modify-writes are a load and a store: others may come in between. */
export const withoutAtomics: Breaking = (t, act) =>
  act(
    changed(t, {
      *exchange(address, value) {
        const before = yield* t.load(address);
        yield* t.store(address, value);
        return before;
      },
      *compareExchange(address, expected, value) {
        const before = yield* t.load(address);
        if (before === expected) yield* t.store(address, value);
        return before;
      },
      *fetchOr(address, bits) {
        const before = yield* t.load(address);
        yield* t.store(address, before | bits);
        return before;
      },
    }),
  );

/** Plain stores come behind the release that they stand before. */
export const withoutRelease: Breaking = function* unreleased(t, act) {
  let late: (readonly [address: number, value: number])[] = [];
  const comeLate = function* comeLate(): Operation<void> {
    const stores = late;
    late = [];
    for (const [address, value] of stores) yield* t.store(address, value);
  };
  const result = yield* act(
    changed(t, {
      *store(address, value) {
        late.push([address, value]);
      },
      *storeRelease(address, value) {
        yield* t.storeRelease(address, value);
        yield* comeLate();
      },
    }),
  );
  yield* comeLate();
  return result;
};

/** Releases are plain stores, of which nothing says that they come behind those before them. */
export const plainReleases: Breaking = (t, act) =>
  act(changed(t, { storeRelease: (address, value) => t.store(address, value) }));

/** Acquires are plain loads, of which nothing says that they come before those behind them. */
export const plainAcquires: Breaking = (t, act) =>
  act(
    changed(t, {
      loadAcquire: (address) => t.load(address),
      *waitUntilNotEqual(address, value) {
        const found = yield* t.load(address);
        return found === value ? yield* t.waitUntilNotEqual(address, value) : found;
      },
    }),
  );
