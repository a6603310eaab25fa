import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocationField, LocationTable } from '../../src/search/location-table.js';

const key = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 40 }).map((n) => n << 8),
  fc.integer().filter((n) => n !== 0),
);

describe('LocationTable', () => {
  it('finds nothing that was not claimed', () => {
    const table = new LocationTable();
    expect(table.find(5)).toBe(-1);
    table.claim(5);
    expect(table.find(5)).toBeGreaterThanOrEqual(0);
    expect(table.find(6)).toBe(-1);
  });

  it('gives a new location zeros in all of its fields', () => {
    const table = new LocationTable();
    const at = table.claim(7);
    const { fields } = table;
    expect(fields[at + LocationField.Key]).toBe(7);
    for (const field of [
      LocationField.Writer,
      LocationField.Value,
      LocationField.OrderLow,
      LocationField.OrderHigh,
      LocationField.ByKernel,
    ])
      expect(fields[at + field]).toBe(0);
  });

  it('keeps what is written to a location, across growth, until it is cleared', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.integer()), { maxLength: 500 }), (writes) => {
        const table = new LocationTable();
        for (let round = 0; round < 2; round++) {
          const model = new Map<number, number>();
          for (const [location, value] of writes) {
            const at = table.claim(location);
            expect(table.fields[at + LocationField.Value]).toBe(model.get(location) ?? 0);
            table.fields[at + LocationField.Value] = value;
            model.set(location, value);
          }
          for (const [location, value] of model)
            expect(table.fields[table.find(location) + LocationField.Value]).toBe(value);
          table.clear();
          for (const location of model.keys()) expect(table.find(location)).toBe(-1);
        }
      }),
    );
  });
});
