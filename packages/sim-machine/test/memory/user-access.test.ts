import { describe, expect, it } from 'vitest';
import { FaultOutcome } from '../../src/memory/fault-outcome.js';
import { MemoryOrder } from '../../src/memory/memory-port.js';
import { createFixture, mapPages, PAGE, PRIVATE, READ } from './fixture.js';

const { Plain } = MemoryOrder;

describe('UserAccess', () => {
  it('reads and writes what the user sees, at every size', () => {
    const { memory } = createFixture();
    const { user, bus, spaces } = memory;
    const space = spaces.create();
    const at = mapPages(space, 2);
    bus.enter(0, 0, space);
    expect(user.put(space, at + PAGE - 3, 8, 0x44332211, 0x08070605)).toBe(true);
    expect(bus.load(at + PAGE - 1, 2, Plain)).toBe(0x4433);
    expect(user.get(space, at + PAGE - 3, 8)).toBe(true);
    expect([user.value, user.high]).toEqual([0x44332211, 0x08070605]);
    expect(user.get(space, at + PAGE - 3, 1) && user.value).toBe(0x11);
    expect(user.putUser32(space, at, -1)).toBe(true);
    expect(user.getUser32(space, at) && user.value).toBe(-1);
    expect(user.high).toBe(0);
  });

  it.each([
    ['an unmapped address', 0x30000000, FaultOutcome.SegvMapErr],
    ['an address of the kernel', 0x80000000, FaultOutcome.SegvMapErr],
    ['an address of the kernel, as int32', -16, FaultOutcome.SegvMapErr],
    ['an access that leaves user space', 0x7ffffffe, FaultOutcome.SegvMapErr],
  ])('returns false for %s, and tells nobody', (_what, address, outcome) => {
    const { memory, faults } = createFixture();
    const { user, bus, spaces } = memory;
    const space = spaces.create();
    space.mmap(0x7ffff000, PAGE, READ | 2, PRIVATE | 0x10);
    bus.enter(0, 0, space);
    expect(user.getUser32(space, address)).toBe(false);
    expect(user.outcome).toBe(outcome);
    expect(user.putUser32(space, address, 1)).toBe(false);
    expect(faults.log.filter(([kind]) => kind !== 'minor')).toEqual([]);
  });

  it('returns false for a put to what may only be read, and writes nothing', () => {
    const { memory } = createFixture();
    const { user, bus, spaces } = memory;
    const space = spaces.create();
    const at = space.mmap(0, PAGE, READ, PRIVATE);
    bus.enter(0, 0, space);
    expect(user.putUser32(space, at, 1)).toBe(false);
    expect(user.outcome).toBe(FaultOutcome.SegvAccErr);
    expect(user.getUser32(space, at) && user.value).toBe(0);
  });

  it('faults pages in, and copies those that a fork shares', () => {
    const { memory, faults } = createFixture();
    const { user, bus, spaces, host } = memory;
    const parent = spaces.create();
    const at = mapPages(parent, 1);
    bus.enter(0, 0, parent);
    expect(user.putUser32(parent, at, 1)).toBe(true);
    const child = spaces.fork(parent);
    expect(user.putUser32(parent, at, 2)).toBe(true);
    expect([host.read32(parent, at), host.read32(child, at)]).toEqual([2, 1]);
    expect(faults.log).toEqual([
      ['minor', at, FaultOutcome.Minor],
      ['minor', at, FaultOutcome.CopyOnWrite],
    ]);
  });

  it('reads a page from the swap store on the spot, and says so', () => {
    const { memory, faults } = createFixture();
    const { user, bus, spaces } = memory;
    const space = spaces.create();
    const at = mapPages(space, 1);
    bus.enter(0, 0, space);
    bus.store(at, 4, 7, 0, Plain);
    spaces.swapOut(space, at);
    expect(user.getUser32(space, at)).toBe(true);
    expect([user.value, user.swappedIn]).toEqual([7, true]);
    expect(user.getUser32(space, at)).toBe(true);
    expect(user.swappedIn).toBe(false);
    expect(faults.log.some(([kind]) => kind === 'major')).toBe(false);
  });

  it('is an access of the current CPU: sees its buffered stores, and its own are buffered', () => {
    const { memory } = createFixture({ model: 'tso' });
    const { user, bus, spaces, host, model } = memory;
    const space = spaces.create();
    const at = mapPages(space, 1);
    bus.enter(1, 0, space);
    bus.store(at, 4, 7, 0, Plain);
    expect(user.getUser32(space, at) && user.value).toBe(7);
    user.putUser32(space, at + 4, 8);
    expect(host.read32(space, at + 4)).toBe(0);
    expect(bus.load(at + 4, 4, Plain)).toBe(8);
    expect(model.pendingStores(1)).toBe(2);
    bus.enter(0, 0, space);
    expect(user.getUser32(space, at) && user.value).toBe(0);
  });

  it('is not seen by listeners, and paid for by nobody', () => {
    const { memory } = createFixture();
    const { user, bus, spaces } = memory;
    const space = spaces.create();
    const at = mapPages(space, 1);
    let events = 0;
    const count = (): void => {
      events++;
    };
    memory.attach({
      observer: { onAccess: count },
      cost: {
        chargeAccess: count,
        chargeOrder: count,
        chargeFence: count,
        chargeClockRead: count,
        chargeCpuNumberRead: count,
      },
    });
    bus.enter(0, 0, space);
    user.putUser32(space, at, 1);
    user.getUser32(space, at);
    expect(events).toBe(0);
  });
});
