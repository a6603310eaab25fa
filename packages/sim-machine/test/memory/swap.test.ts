import { describe, expect, it } from 'vitest';
import { FaultOutcome } from '../../src/memory/fault-outcome.js';
import { MapFlag } from '../../src/memory/mapping-flags.js';
import { createFixture, mapPages, PAGE, READ_WRITE, SHARED } from './fixture.js';

describe('swapOut', () => {
  it('makes the next access a major fault that did not happen, until the page is back', () => {
    const { memory, faults } = createFixture();
    const { bus, spaces } = memory;
    const space = spaces.create();
    const at = mapPages(space, 1);
    bus.enter(0, 0, space);
    bus.store(at + 8, 4, 42, 0, 0);
    expect(spaces.swapOut(space, at + 100)).toBe(true);
    expect([memory.swap.used, memory.physical.frames.used]).toEqual([1, 0]);
    faults.log.length = 0;
    expect(bus.fetchAdd(at + 8, 1)).toBe(0);
    expect(bus.fault).toBe(FaultOutcome.Major);
    bus.load(at + 8, 4, 0);
    expect(bus.fault).toBe(FaultOutcome.Major);
    expect(faults.log).toEqual([
      ['major', at + 8],
      ['major', at + 8],
    ]);
    expect(space.swapIn(at)).toBe(true);
    expect(space.swapIn(at)).toBe(false);
    expect(bus.fetchAdd(at + 8, 1)).toBe(42);
    expect(bus.fault).toBe(0);
    expect([memory.swap.used, memory.physical.frames.used]).toEqual([0, 1]);
  });

  it('returns false for what has no frame of its own: untouched, only read, text, unmapped', () => {
    const { memory } = createFixture();
    const { bus, spaces, text } = memory;
    const space = spaces.create();
    const at = mapPages(space, 2);
    bus.enter(0, 0, space);
    bus.load(at, 4, 0);
    bus.load(text.base, 4, 0);
    for (const address of [at, at + PAGE, text.base, 0x10000000]) {
      expect(spaces.canSwapOut(space, address)).toBe(false);
      expect(spaces.swapOut(space, address)).toBe(false);
    }
    bus.store(at, 4, 1, 0, 0);
    expect(spaces.canSwapOut(space, at)).toBe(true);
    spaces.swapOut(space, at);
    expect(spaces.canSwapOut(space, at)).toBe(false);
  });

  it('returns false when swap is full', () => {
    const { memory } = createFixture({ swapPages: 1 });
    const { spaces, host } = memory;
    const space = spaces.create();
    const at = mapPages(space, 2);
    host.write32(space, at, 1);
    host.write32(space, at + PAGE, 2);
    expect(spaces.swapOut(space, at)).toBe(true);
    expect(spaces.canSwapOut(space, at + PAGE)).toBe(false);
    expect(spaces.swapOut(space, at + PAGE)).toBe(false);
    expect(host.read32(space, at + PAGE)).toBe(2);
  });

  it('takes along stores that are still buffered', () => {
    const { memory } = createFixture({ model: 'tso' });
    const { bus, spaces } = memory;
    const space = spaces.create();
    const at = mapPages(space, 1);
    bus.enter(0, 0, space);
    bus.store(at, 4, 7, 0, 0);
    expect(spaces.swapOut(space, at)).toBe(true);
    space.swapIn(at);
    expect(bus.load(at, 4, 0)).toBe(7);
  });

  it('takes a page of an object from everybody who maps it', () => {
    const { memory } = createFixture();
    const { bus, spaces } = memory;
    const parent = spaces.create();
    const at = parent.mmap(0, PAGE, READ_WRITE, SHARED);
    const child = spaces.fork(parent);
    for (const [thread, space] of [parent, child].entries()) {
      bus.enter(0, thread, space);
      bus.store(at + 4 * thread, 4, 5 + thread, 0, 0);
    }
    expect(spaces.swapOut(parent, at)).toBe(true);
    bus.enter(0, 1, child);
    bus.load(at, 4, 0);
    expect(bus.fault).toBe(FaultOutcome.Major);
    expect(parent.swapIn(at)).toBe(true);
    expect([bus.load(at, 4, 0), bus.load(at + 4, 4, 0)]).toEqual([5, 6]);
  });

  it('swaps the private copy of a page of an object, not the object', () => {
    const { memory } = createFixture();
    const { bus, spaces, objects } = memory;
    const space = spaces.create();
    const object = objects.create(PAGE);
    const shared = space.mmap(0, PAGE, READ_WRITE, MapFlag.Shared, object);
    const own = space.mmap(0, PAGE, READ_WRITE, MapFlag.Private, object);
    bus.enter(0, 0, space);
    bus.store(shared, 4, 1, 0, 0);
    bus.store(own, 4, 2, 0, 0);
    expect(spaces.swapOut(space, own)).toBe(true);
    expect(bus.load(shared, 4, 0)).toBe(1);
    expect(bus.fault).toBe(0);
    space.swapIn(own);
    expect(bus.load(own, 4, 0)).toBe(2);
  });

  it('leaves a fork its own copy, whoever reads it in first', () => {
    const { memory } = createFixture();
    const { spaces, host, swap } = memory;
    const parent = spaces.create();
    const at = mapPages(parent, 1);
    host.write32(parent, at, 9);
    spaces.swapOut(parent, at);
    const child = spaces.fork(parent);
    host.write32(child, at, 10);
    expect(swap.used).toBe(1);
    expect(host.read32(parent, at)).toBe(9);
    spaces.destroy(parent);
    expect(swap.used).toBe(0);
    expect(host.read32(child, at)).toBe(10);
  });

  it('forgets pages that are unmapped while they are out', () => {
    const { memory } = createFixture();
    const { spaces, host, swap } = memory;
    const space = spaces.create();
    const at = mapPages(space, 1);
    host.write32(space, at, 9);
    spaces.swapOut(space, at);
    space.munmap(at, PAGE);
    expect(swap.used).toBe(0);
    expect(space.swapIn(at)).toBe(false);
  });
});
