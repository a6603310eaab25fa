import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateArena } from '../../../src/base/state-arena.js';
import { TimerField, TimerRecords } from '../../../src/kernel/time/timer-records.js';

const CAPACITY = 3;

interface Records {
  readonly records: TimerRecords;
  fingerprint(): string;
}

function create(): Records {
  const arena = new StateArena();
  const records = new TimerRecords(arena, CAPACITY);
  return {
    records,
    fingerprint() {
      const into = { low: 0, high: 0 };
      arena.fingerprint(into);
      return `${into.low} ${into.high}`;
    },
  };
}

const write = fc.record({
  id: fc.nat(CAPACITY - 1),
  field: fc.constantFrom(...Object.values(TimerField)),
  value: fc.integer({ min: -2, max: 2 }),
});

describe('TimerRecords', () => {
  it('has one fingerprint for one contents, whatever its history, and another for another', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 30 }), (writes) => {
        const { records, fingerprint } = create();
        for (const { id, field, value } of writes) records.set(id, field, value);
        const other = create();
        for (let id = 0; id < CAPACITY; id++)
          for (const field of Object.values(TimerField))
            other.records.set(id, field, records.get(id, field));
        expect(other.fingerprint()).toBe(fingerprint());
        expect(other.records.count).toBe(records.count);
        other.records.set(1, TimerField.Value, records.get(1, TimerField.Value) + 1);
        expect(other.fingerprint()).not.toBe(fingerprint());
        for (let id = 0; id < CAPACITY; id++) records.clear(id);
        expect(fingerprint()).toBe(create().fingerprint());
      }),
    );
  });

  it('finds free slots, until there is none', () => {
    const { records } = create();
    for (let id = 0; id < CAPACITY; id++) {
      expect(records.freeSlot()).toBe(id);
      records.set(id, TimerField.Owner, 1);
    }
    expect(records.freeSlot()).toBe(-1);
    records.clear(1);
    expect(records.freeSlot()).toBe(1);
    records.reset();
    expect([records.count, records.freeSlot()]).toEqual([0, 0]);
  });
});
