import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExplorerError } from '../../../src/explorer-error.js';
import { placeUnits } from '../../../src/search/plan/shard.js';
import { UnitLedger } from '../../../src/search/plan/unit-ledger.js';
import { addUp, treeUnits } from './fake-strategy.js';
import type { Tree } from './fake-strategy.js';

const ledgerOf = (trees: readonly Tree[]) => new UnitLedger<number>(placeUnits(treeUnits(trees)));

/** Does all units, as many at a time as there are workers, which end in the order of `turns`. */
function doAll(trees: readonly Tree[], workers: number, turns: readonly number[]) {
  const ledger = ledgerOf(trees);
  const atWork: { readonly path: string; readonly tree: Tree }[] = [];
  for (let turn = 0; ; turn++) {
    while (atWork.length < workers) {
      const unit = ledger.take();
      if (unit === undefined) break;
      atWork.push({ path: unit.path, tree: unit.work as Tree });
    }
    const [next] = atWork.splice((turns[turn] ?? 0) % Math.max(1, atWork.length), 1);
    if (next === undefined) return ledger;
    ledger.add({ path: next.path, ...addUp(next.tree) });
  }
}

const number = fc.integer({ min: -1, max: 9 });
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.record({ number }),
    fc.record({ number, below: fc.array(tie('tree'), { maxLength: 3 }) }),
  ),
}));

describe('a ledger of units', () => {
  it('comes to the same results however many work and whoever ends first', () => {
    fc.assert(
      fc.property(
        fc.array(tree, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 2, max: 6 }),
        fc.array(fc.nat(5)),
        (trees, workers, turns) => {
          const one = doAll(trees, 1, []);
          const many = doAll(trees, workers, turns);
          expect(one.isComplete && many.isComplete).toBe(true);
          expect(many.results()).toEqual(one.results());
        },
      ),
    );
  });

  it('hands out a unit, then what it left over, then the next', () => {
    const ledger = ledgerOf([{ number: 1, below: [{ number: 2 }, { number: 3 }] }, { number: 4 }]);
    const order: number[] = [];
    for (let unit = ledger.take(); unit !== undefined; unit = ledger.take()) {
      order.push((unit.work as Tree).number);
      ledger.add({ path: unit.path, ...addUp(unit.work as Tree) });
    }
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it('is complete only when every unit is there', () => {
    const ledger = ledgerOf([{ number: 1, below: [{ number: 2 }] }, { number: 3 }]);
    ledger.add({ path: '0', ...addUp({ number: 1, below: [{ number: 2 }] }) });
    ledger.add({ path: '1', value: 3 });
    expect(ledger).toMatchObject({ isComplete: false, missing: 1, done: 2, known: 3 });
    ledger.add({ path: '0.0', value: 2 });
    expect(ledger).toMatchObject({ isComplete: true, missing: 0, done: 3, known: 3 });
  });

  it('needs nothing behind the first unit that ends the search', () => {
    const ledger = ledgerOf([{ number: 1 }, { number: -1 }, { number: 3 }, { number: -1 }]);
    ledger.add({ path: '3', value: -1, ends: true });
    ledger.add({ path: '1', value: -1, ends: true });
    ledger.add({ path: '2', value: 3 });
    expect(ledger.isComplete).toBe(false);
    ledger.add({ path: '0', value: 1 });
    expect(ledger.isComplete).toBe(true);
    expect(ledger.take()).toBeUndefined();
    expect(ledger.results().map(({ value }) => value)).toEqual([1, -1]);
  });

  it('hands a unit out again that was put back, in its place', () => {
    const ledger = ledgerOf([{ number: 1 }, { number: 2 }, { number: 3 }]);
    const first = ledger.take();
    ledger.take();
    ledger.putBack('0');
    expect(ledger.take()).toEqual(first);
    expect(ledger.missing).toBe(3);
  });

  it('knows the share that is done from the weights', () => {
    const ledger = ledgerOf([{ number: 1 }, { number: 2 }]);
    ledger.add({ path: '0', value: 1, rest: [{ work: { number: 5 }, weight: 0.25 }] });
    expect(ledger.share).toBe(0.375);
    ledger.add({ path: '0.0', value: 5 });
    ledger.add({ path: '1', value: 2 });
    expect(ledger.share).toBe(1);
  });

  it('refuses a unit that is not of the plan, and one that comes twice, with ERR_PLAN', () => {
    const ledger = ledgerOf([{ number: 1 }]);
    const refused = (path: string, message: string): void =>
      expect(() => ledger.add({ path, value: 1 })).toThrow(
        expect.objectContaining({ code: 'ERR_PLAN', message }) as ExplorerError,
      );
    refused('1', 'expected units of the plan, got unit 1');
    refused('0.0', 'expected units of the plan, got unit 0.0');
    ledger.add({ path: '0', value: 1 });
    refused('0', 'expected one result of unit 0, got two');
  });
});
