import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MachineError } from '../../src/base/machine-error.js';
import { LineTurns } from '../../src/cpu/line-turns.js';

const LINE = 64;
const TRANSFER = 100;
const HELD = 20;

function create() {
  const turns = new LineTurns();
  /** Takes the line at a time; when it is done with it. */
  const take = (now: number, line = LINE): number =>
    now + turns.waitCycles(line, now, TRANSFER, HELD, true) + TRANSFER + HELD;
  const read = (now: number): number =>
    now + turns.waitCycles(LINE, now, TRANSFER, 0, false) + TRANSFER;
  return { turns, take, read };
}

describe('turns at a cache line', () => {
  it('come one after the other to those who ask at once', () => {
    const { take } = create();
    expect([take(0), take(0), take(50), take(119)]).toEqual([120, 240, 360, 480]);
  });

  it('are not waited for when the line is free, or is another', () => {
    const { take } = create();
    expect(take(0)).toBe(120);
    expect(take(0, LINE + 1)).toBe(120);
    expect(take(120)).toBe(240);
  });

  it('are not taken by those who read what nobody changes', () => {
    const { take, read } = create();
    take(0);
    expect([read(10), read(10), read(30)]).toEqual([220, 220, 220]);
    expect(take(120)).toBe(240);
  });

  it('are not waited for by a CPU whose clock is before all of them', () => {
    const { take } = create();
    expect(take(5000)).toBe(5120);
    expect(take(1000)).toBe(1120);
    expect(take(4900)).toBe(5240);
    expect(take(5000)).toBe(5360);
  });

  it('are all forgotten at a reset', () => {
    const { turns, take } = create();
    take(0);
    turns.reset();
    expect(take(0)).toBe(120);
  });

  it('add up: no two who take a line have it at the same time, whenever they ask', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 2, maxLength: 40 }), (gaps) => {
        const { take } = create();
        let [now, free] = [0, 0];
        for (const gap of gaps) {
          now += gap % 200;
          const end = take(now);
          expect(end - TRANSFER - HELD).toBe(Math.max(now, free));
          free = end;
        }
      }),
    );
  });

  it('are of a number of lines that is a power of two: ERR_CONFIG', () => {
    for (const capacity of [0, 3, 2 ** 23])
      expect(() => new LineTurns(capacity)).toThrow(MachineError);
  });
});
