import { describe, expect, it } from 'vitest';
import { FaultOutcome } from '../../src/memory/fault-outcome.js';
import { FastPath } from './fast-path.js';
import { createFixture, mapPages, PAGE, READ, READ_WRITE, SHARED } from './fixture.js';

const { CopyOnWrite, Minor } = FaultOutcome;

describe('fork', () => {
  it('gives the child the contents of the moment, and keeps later stores apart', () => {
    const { memory } = createFixture();
    const { bus, spaces } = memory;
    const parent = spaces.create();
    const at = mapPages(parent, 2);
    bus.enter(0, 0, parent);
    bus.store(at, 4, 1, 0, 0);
    const child = spaces.fork(parent);
    bus.store(at, 4, 2, 0, 0);
    bus.enter(1, 1, child);
    expect(bus.load(at, 4, 0)).toBe(1);
    bus.store(at, 4, 3, 0, 0);
    bus.enter(0, 0, parent);
    expect(bus.load(at, 4, 0)).toBe(2);
  });

  it('copies a page for the first writer; the last one keeps the frame', () => {
    const { memory, faults } = createFixture();
    const { bus, spaces } = memory;
    const parent = spaces.create();
    const at = mapPages(parent, 1);
    bus.enter(0, 0, parent);
    bus.store(at, 4, 1, 0, 0);
    const child = spaces.fork(parent);
    expect(memory.physical.frames.used).toBe(1);
    faults.log.length = 0;
    bus.enter(0, 1, child);
    bus.store(at, 4, 2, 0, 0);
    bus.enter(0, 0, parent);
    bus.store(at, 4, 3, 0, 0);
    expect(faults.log).toEqual([
      ['minor', at, CopyOnWrite],
      ['minor', at, Minor],
    ]);
    expect(memory.physical.frames.used).toBe(2);
  });

  it('takes away what executors know of writable pages', () => {
    const { memory } = createFixture();
    const { bus, spaces } = memory;
    const parent = spaces.create();
    const at = mapPages(parent, 1);
    const fast = new FastPath(memory);
    bus.enter(0, 0, parent);
    fast.store(parent, at, 4, 1, 0);
    fast.store(parent, at, 4, 2, 0);
    expect(fast.hits).toBe(1);
    const child = spaces.fork(parent);
    fast.store(parent, at, 4, 3, 0);
    expect(fast.hits).toBe(1);
    expect(memory.host.read32(child, at)).toBe(2);
  });

  it('makes stores that are still buffered part of what is copied', () => {
    const { memory } = createFixture({ model: 'tso' });
    const { bus, spaces } = memory;
    const parent = spaces.create();
    const at = mapPages(parent, 1);
    bus.enter(0, 0, parent);
    bus.store(at, 4, 1, 0, 0);
    bus.fence(0);
    bus.store(at, 4, 2, 0, 0);
    const child = spaces.fork(parent);
    expect(memory.host.read32(child, at)).toBe(2);
    bus.store(at, 4, 3, 0, 0);
    bus.fence(0);
    expect(memory.host.read32(child, at)).toBe(2);
    expect(memory.host.read32(parent, at)).toBe(3);
  });

  it('shares shared memory', () => {
    const { memory } = createFixture();
    const { bus, spaces } = memory;
    const parent = spaces.create();
    const at = parent.mmap(0, PAGE, READ_WRITE, SHARED);
    const child = spaces.fork(parent);
    bus.enter(0, 1, child);
    bus.store(at, 4, 5, 0, 0);
    bus.enter(0, 0, parent);
    expect(bus.load(at, 4, 0)).toBe(5);
    spaces.destroy(child);
    expect(bus.load(at, 4, 0)).toBe(5);
    spaces.destroy(parent);
    expect(memory.physical.frames.used).toBe(0);
  });

  it('copies protections and the program break', () => {
    const { memory, faults } = createFixture();
    const { bus, spaces } = memory;
    const parent = spaces.create();
    const at = parent.mmap(0, PAGE, READ, 0x22);
    const end = parent.brk(parent.brk(0) + PAGE);
    const child = spaces.fork(parent);
    expect(child.brk(0)).toBe(end);
    bus.enter(0, 1, child);
    bus.store(at, 4, 1, 0, 0);
    expect(bus.fault).toBe(FaultOutcome.SegvAccErr);
    expect(faults.log).toEqual([['segv', at, 2]]);
    expect(child.mmap(0, PAGE, READ_WRITE, 0x22)).toBe(at - PAGE);
  });

  it('lets a grandchild copy what two ancestors share', () => {
    const { memory } = createFixture();
    const { bus, spaces, host } = memory;
    const first = spaces.create();
    const at = mapPages(first, 1);
    host.write32(first, at, 1);
    const second = spaces.fork(first);
    const third = spaces.fork(second);
    [first, second, third].forEach((space, thread) => {
      bus.enter(0, thread, space);
      bus.store(at, 4, 10 + thread, 0, 0);
    });
    expect([first, second, third].map((space) => host.read32(space, at))).toEqual([10, 11, 12]);
  });
});

describe('exec', () => {
  it('leaves nothing but the text, and gives all frames back', () => {
    const { memory } = createFixture();
    const { spaces, host, physical } = memory;
    const space = spaces.create();
    const at = mapPages(space, 3);
    for (const page of [0, 1, 2]) host.write32(space, at + page * PAGE, 7);
    space.brk(space.brk(0) + PAGE);
    spaces.exec(space);
    expect(physical.frames.used).toBe(0);
    expect(space.areas.count).toBe(1);
    expect(() => host.read32(space, at)).toThrow(expect.objectContaining({ code: 'ERR_ADDRESS' }));
    expect(space.brk(0)).toBe(0x08000000);
    expect(mapPages(space, 3)).toBe(at);
    expect(host.read32(space, at)).toBe(0);
  });
});

describe('destroy', () => {
  it('makes the slot free for the next address space, which starts empty', () => {
    const { memory } = createFixture();
    const { spaces, host } = memory;
    const space = spaces.create();
    const at = mapPages(space, 1);
    host.write32(space, at, 7);
    const { id } = space;
    spaces.destroy(space);
    const next = spaces.create();
    expect(next.id).toBe(id);
    expect(mapPages(next, 1)).toBe(at);
    expect(host.read32(next, at)).toBe(0);
  });
});
