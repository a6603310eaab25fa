import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PageTables } from '../../src/memory/page-tables.js';

const page = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 1000, max: 1050 }),
  fc.integer({ min: 0, max: 2 ** 20 - 1 }),
);
const command = fc.oneof(
  { weight: 9, arbitrary: fc.record({ table: fc.nat(2), page, entry: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ table: fc.nat(2), clear: fc.constant(true) }) },
);

/** The entries that a table's chain leads to. */
function chained(tables: PageTables, table: number): Map<number, number> {
  const found = new Map<number, number>();
  for (let slot = tables.firstSlot(table); slot >= 0; slot = tables.nextSlot(slot)) {
    expect(found.has(tables.slotPage(slot))).toBe(false);
    found.set(tables.slotPage(slot), tables.slotEntry(slot));
  }
  return new Map([...found].filter(([, entry]) => entry !== 0));
}

describe('PageTables', () => {
  it('keeps entries as a map would, table by table', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60, size: 'max' }), (commands) => {
        const tables = new PageTables();
        const models = [0, 1, 2].map(() => {
          tables.create();
          return new Map<number, number>();
        });
        for (const each of commands) {
          const model = models[each.table]!;
          if ('clear' in each) {
            tables.clear(each.table);
            model.clear();
          } else {
            tables.set(each.table, each.page, each.entry);
            if (each.entry === 0) model.delete(each.page);
            else model.set(each.page, each.entry);
            expect(tables.get(each.table, each.page)).toBe(each.entry);
          }
          models.forEach((expected, table) => {
            for (const [at, entry] of expected) expect(tables.get(table, at)).toBe(entry);
          });
        }
        models.forEach((expected, table) => {
          expect(chained(tables, table)).toEqual(expected);
        });
      }),
    );
  });

  it('skips what cannot hold entries when it looks for the next candidate', () => {
    const tables = new PageTables();
    const table = tables.create();
    tables.set(table, 5000, 1);
    expect(tables.nextCandidate(table, 0, 2 ** 20)).toBe(4096);
    expect(tables.nextCandidate(table, 5001, 2 ** 20)).toBe(5001);
    expect(tables.nextCandidate(table, 5119, 2 ** 20)).toBe(5119);
    expect(tables.nextCandidate(table, 5120, 2 ** 20)).toBe(2 ** 20);
    expect(tables.nextCandidate(table, 0, 4000)).toBe(4000);
  });

  it('uses the leaves of a cleared table again', () => {
    const tables = new PageTables();
    const table = tables.create();
    tables.set(table, 7, 1);
    const slot = tables.firstSlot(table);
    tables.clear(table);
    tables.set(table, 3 * 1024 + 7, 2);
    expect(tables.firstSlot(table)).toBe(slot);
    expect(tables.get(table, 7)).toBe(0);
  });
});
