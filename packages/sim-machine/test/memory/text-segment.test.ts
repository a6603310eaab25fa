import { describe, expect, it } from 'vitest';
import { FaultAccess, FaultOutcome } from '../../src/memory/fault-outcome.js';
import { createFixture, mapPages, PAGE } from './fixture.js';

describe('TextSegment', () => {
  it('is fetched at a fixed distance and seen by loads at the same address everywhere', () => {
    const { memory } = createFixture();
    const { text, physical, spaces, bus } = memory;
    const at = text.place(3 * PAGE);
    text.write(at + 2 * PAGE, [123]);
    expect(physical.words[(at + 2 * PAGE - text.base + text.physical) >> 2]).toBe(123);
    for (const thread of [0, 1]) {
      bus.enter(0, thread, spaces.create());
      expect(bus.load(at + 2 * PAGE, 4, 0)).toBe(123);
    }
    expect(physical.frames.used).toBe(0);
  });

  it('places programs at multiples of 32, until it is full', () => {
    const { memory } = createFixture({ textBytes: PAGE });
    const { text } = memory;
    expect(text.place(4)).toBe(text.base);
    expect(text.place(36)).toBe(text.base + 32);
    expect(text.place(4)).toBe(text.base + 96);
    expect(() => text.place(PAGE)).toThrow(expect.objectContaining({ code: 'ERR_CAPACITY' }));
    expect(text.usedBytes).toBe(100);
  });

  it('survives a reset, and is empty after clear', () => {
    const { memory } = createFixture();
    const { text, physical } = memory;
    text.write(text.place(8), [1, 2]);
    memory.reset();
    expect(physical.words[(text.physical >> 2) + 1]).toBe(2);
    text.clear();
    expect(physical.words[(text.physical >> 2) + 1]).toBe(0);
    expect(text.place(4)).toBe(text.base);
  });

  it('can be read and executed, but not written', () => {
    const { memory, faults } = createFixture();
    const { text, spaces, bus } = memory;
    const space = spaces.create();
    bus.enter(0, 0, space);
    bus.store(text.base, 4, 1, 0, 0);
    expect(faults.log).toEqual([['segv', text.base, 2]]);
    expect(space.resolve(text.base, FaultAccess.Execute)).toBe(FaultOutcome.Minor);
    expect(space.resolve(text.base, FaultAccess.Execute)).toBe(FaultOutcome.None);
    const data = mapPages(space, 1);
    expect(space.resolve(data, FaultAccess.Execute)).toBe(FaultOutcome.SegvAccErr);
  });

  it.each([
    ['behind what was placed', 8, [0]],
    ['across its end', 0, [1, 2, 3]],
    ['at an address inside a word', 2, [1]],
    ['in front of the segment', -4, [1]],
  ])('refuses to be written %s', (_where, offset, words) => {
    const { memory } = createFixture();
    const at = memory.text.place(8);
    expect(() => {
      memory.text.write(at + offset, words);
    }).toThrow(expect.objectContaining({ code: 'ERR_ADDRESS' }));
  });

  it.each([0, 100, 8 * 2 ** 20])('cannot have %d bytes in a memory of 4 MiB', (textBytes) => {
    expect(() => createFixture({ textBytes })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG' }),
    );
  });
});
