import { describe, expect, it } from 'vitest';
import { FaultOutcome } from '../../src/memory/fault-outcome.js';
import { MapFlag } from '../../src/memory/mapping-flags.js';
import { createFixture, PAGE, READ, READ_WRITE } from './fixture.js';

describe('a memory object', () => {
  it('is the same memory at different addresses of different processes', () => {
    const { memory } = createFixture();
    const { bus, spaces, objects } = memory;
    const object = objects.create(3 * PAGE);
    const one = spaces.create();
    const two = spaces.create();
    one.mmap(0, PAGE, READ, 0x22);
    const inOne = one.mmap(0, 3 * PAGE, READ_WRITE, MapFlag.Shared, object);
    const inTwo = two.mmap(0, PAGE, READ, MapFlag.Shared, object, 2 * PAGE);
    expect(inOne + 2 * PAGE).not.toBe(inTwo);
    bus.enter(0, 0, one);
    bus.store(inOne + 2 * PAGE + 12, 4, 77, 0, 0);
    bus.enter(1, 1, two);
    expect(bus.load(inTwo + 12, 4, 0)).toBe(77);
    bus.store(inTwo, 4, 1, 0, 0);
    expect(bus.fault).toBe(FaultOutcome.SegvAccErr);
  });

  it('outlives its mappings while a descriptor is open', () => {
    const { memory } = createFixture();
    const { spaces, objects, host } = memory;
    const object = objects.create(PAGE);
    const one = spaces.create();
    const at = one.mmap(0, PAGE, READ_WRITE, MapFlag.Shared, object);
    host.write32(one, at, 5);
    spaces.destroy(one);
    const two = spaces.create();
    const again = two.mmap(0, PAGE, READ_WRITE, MapFlag.Shared, object);
    expect(host.read32(two, again)).toBe(5);
    objects.release(object);
    expect(host.read32(two, again)).toBe(5);
    two.munmap(again, PAGE);
    expect(memory.physical.frames.used).toBe(0);
  });

  it('is SIGBUS behind its end, but not on its last page', () => {
    const { memory, faults } = createFixture();
    const { bus, spaces, objects } = memory;
    const space = spaces.create();
    const object = objects.create(PAGE + 1);
    const at = space.mmap(0, 4 * PAGE, READ_WRITE, MapFlag.Shared, object);
    bus.enter(0, 0, space);
    bus.store(at + 2 * PAGE - 4, 4, 1, 0, 0);
    expect(bus.fault).toBe(0);
    bus.load(at + 2 * PAGE, 4, 0);
    expect(bus.fault).toBe(FaultOutcome.BusAdrErr);
    expect(faults.log.at(-1)).toEqual(['bus', at + 2 * PAGE]);
  });

  it('is copied page by page under a private mapping, and shows its own stores until then', () => {
    const { memory, faults } = createFixture();
    const { bus, spaces, objects } = memory;
    const space = spaces.create();
    const object = objects.create(PAGE);
    const shared = space.mmap(0, PAGE, READ_WRITE, MapFlag.Shared, object);
    const own = space.mmap(0, PAGE, READ_WRITE, MapFlag.Private, object);
    bus.enter(0, 0, space);
    bus.store(shared, 4, 1, 0, 0);
    expect(bus.load(own, 4, 0)).toBe(1);
    bus.store(shared, 4, 2, 0, 0);
    expect(bus.load(own, 4, 0)).toBe(2);
    bus.store(own + 4, 4, 9, 0, 0);
    expect(faults.log.at(-1)).toEqual(['minor', own + 4, FaultOutcome.CopyOnWrite]);
    bus.store(shared, 4, 3, 0, 0);
    expect([bus.load(own, 4, 0), bus.load(own + 4, 4, 0)]).toEqual([2, 9]);
    expect(bus.load(shared + 4, 4, 0)).toBe(0);
  });

  it('is copied with the stores that this CPU has buffered', () => {
    const { memory } = createFixture({ model: 'tso' });
    const { bus, spaces, objects } = memory;
    const space = spaces.create();
    const object = objects.create(PAGE);
    const shared = space.mmap(0, PAGE, READ_WRITE, MapFlag.Shared, object);
    const own = space.mmap(0, PAGE, READ_WRITE, MapFlag.Private, object);
    bus.enter(0, 0, space);
    bus.store(shared, 4, 1, 0, 0);
    bus.store(own + 4, 4, 2, 0, 0);
    expect(bus.load(own, 4, 0)).toBe(1);
  });

  it.each([-1, 2 ** 31 + 1, 1.5])('cannot have %d bytes', (size) => {
    const { memory } = createFixture();
    expect(() => memory.objects.create(size)).toThrow(
      expect.objectContaining({ code: 'ERR_CAPACITY' }),
    );
  });
});
