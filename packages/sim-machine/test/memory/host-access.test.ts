import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MapFlag, Protection } from '../../src/memory/mapping-flags.js';
import { createFixture, mapPages, PAGE, PRIVATE, READ, READ_WRITE } from './fixture.js';

describe('HostAccess', () => {
  it('reads what it wrote, at every size and alignment', () => {
    const { memory } = createFixture();
    const { host, spaces } = memory;
    const space = spaces.create();
    const at = mapPages(space, 2);
    const model = new DataView(new ArrayBuffer(2 * PAGE));
    const access = fc.record({
      offset: fc.integer({ min: PAGE - 16, max: PAGE + 8 }),
      size: fc.constantFrom(8, 16, 32, 64),
      low: fc.integer(),
      high: fc.integer(),
    });
    fc.assert(
      fc.property(fc.array(access), (accesses) => {
        for (const { offset, size, low, high } of accesses) {
          if (size === 8) host.write8(space, at + offset, low);
          else if (size === 16) host.write16(space, at + offset, low);
          else if (size === 32) host.write32(space, at + offset, low);
          else host.write64(space, at + offset, low, high);
          if (size === 8) model.setUint8(offset, low);
          else if (size === 16) model.setUint16(offset, low, true);
          else model.setInt32(offset, low, true);
          if (size === 64) model.setInt32(offset + 4, high, true);
          expect(host.read8(space, at + offset)).toBe(model.getUint8(offset));
          expect(host.read16(space, at + offset)).toBe(model.getUint16(offset, true));
          expect(host.read32(space, at + offset)).toBe(model.getInt32(offset, true));
          expect(host.read64(space, at + offset)).toEqual({
            low: model.getInt32(offset, true),
            high: model.getInt32(offset + 4, true),
          });
        }
      }),
    );
  });

  it('copies the words that it reads one by one, of pages that are there, swapped and untouched', () => {
    const { memory } = createFixture();
    const { host, spaces } = memory;
    const space = spaces.create();
    const at = mapPages(space, 3);
    for (const offset of [0, 8, PAGE - 4, 2 * PAGE, 3 * PAGE - 4])
      host.write32(space, at + offset, offset + 1);
    spaces.swapOut(space, at);
    for (const [first, count] of [
      [0, (3 * PAGE) / 4],
      [PAGE - 8, 4],
      [2 * PAGE, 1],
      [8, 0],
    ] as const) {
      const words = new Int32Array(count);
      host.readWords(space, at + first, words);
      expect([...words]).toEqual(
        Array.from(words, (_, n) => host.read32(space, at + first + 4 * n)),
      );
    }
    expect(() => {
      host.readWords(space, at + 3 * PAGE - 4, new Int32Array(2));
    }).toThrow(expect.objectContaining({ code: 'ERR_ADDRESS' }));
  });

  it('reads a memory object that nobody maps, swapped and untouched pages as well', () => {
    const { memory } = createFixture();
    const { host, spaces, objects } = memory;
    const object = objects.create(3 * PAGE);
    const space = spaces.create();
    const at = space.mmap(0, 3 * PAGE, READ_WRITE, MapFlag.Shared, object);
    host.write32(space, at + 4, 5);
    host.write32(space, at + 2 * PAGE, 6);
    spaces.swapOut(space, at);
    space.munmap(at, 3 * PAGE);
    const words = new Int32Array((3 * PAGE) / 4);
    host.readObject(object, words);
    expect([...words.entries()].filter(([, word]) => word !== 0)).toEqual([
      [1, 5],
      [PAGE / 2, 6],
    ]);
  });

  it('touches no page by reading', () => {
    const { memory } = createFixture();
    const space = memory.spaces.create();
    const at = mapPages(space, 1);
    expect(memory.host.read32(space, at)).toBe(0);
    expect(space.pages.entry(at)).toBe(0);
    memory.host.write32(space, at, 5);
    memory.spaces.swapOut(space, at);
    expect(memory.host.read32(space, at)).toBe(5);
    expect(memory.swap.used).toBe(1);
  });

  it('writes what a program may not, and leaves it so', () => {
    const { memory, faults } = createFixture();
    const { host, bus, spaces } = memory;
    const space = spaces.create();
    const hidden = space.mmap(0, PAGE, Protection.None, PRIVATE);
    const fixed = space.mmap(0, PAGE, READ, PRIVATE);
    bus.enter(0, 0, space);
    bus.load(fixed, 4, 0);
    host.write32(space, hidden, 1);
    host.write32(space, fixed, 2);
    expect([host.read32(space, hidden), bus.load(fixed, 4, 0)]).toEqual([1, 2]);
    faults.log.length = 0;
    bus.load(hidden, 4, 0);
    bus.store(fixed, 4, 3, 0, 0);
    expect(faults.log.map(([kind]) => kind)).toEqual(['segv', 'segv']);
  });

  it('copies a page that a fork shares before it writes', () => {
    const { memory } = createFixture();
    const { host, spaces } = memory;
    const parent = spaces.create();
    const at = mapPages(parent, 1);
    host.write32(parent, at, 1);
    const child = spaces.fork(parent);
    host.write32(child, at, 2);
    expect([host.read32(parent, at), host.read32(child, at)]).toEqual([1, 2]);
  });

  it('reads and writes objects that nobody touched yet, also through a read-only mapping', () => {
    const { memory } = createFixture();
    const { host, spaces, objects } = memory;
    const space = spaces.create();
    const object = objects.create(2 * PAGE);
    const at = space.mmap(0, 2 * PAGE, READ, MapFlag.Shared, object);
    const again = space.mmap(0, 2 * PAGE, READ, MapFlag.Shared, object);
    expect(host.read32(space, at)).toBe(0);
    host.write32(space, at + PAGE, 6);
    expect(host.read32(space, again + PAGE)).toBe(6);
    spaces.swapOut(space, at + PAGE);
    expect(host.read32(space, again + PAGE)).toBe(6);
    host.write32(space, again + PAGE, 7);
    expect(host.read32(space, at + PAGE)).toBe(7);
  });

  it('does not see buffered stores', () => {
    const { memory } = createFixture({ model: 'tso' });
    const { host, bus, spaces, model } = memory;
    const space = spaces.create();
    const at = mapPages(space, 1);
    bus.enter(0, 0, space);
    bus.store(at, 4, 1, 0, 0);
    expect(host.read32(space, at)).toBe(0);
    model.drainAll(0);
    expect(host.read32(space, at)).toBe(1);
  });

  it.each([0, 0x30000000, -4, 0x80000000])('throws ERR_ADDRESS at 0x%x', (address) => {
    const { memory } = createFixture();
    const space = memory.spaces.create();
    const error: unknown = expect.objectContaining({ code: 'ERR_ADDRESS' });
    expect(() => memory.host.read8(space, address)).toThrow(error);
    expect(() => {
      memory.host.write8(space, address, 1);
    }).toThrow(error);
  });

  it('does not write to the text, which has a writer of its own', () => {
    const { memory } = createFixture();
    const space = memory.spaces.create();
    expect(memory.host.read32(space, memory.text.base)).toBe(0);
    expect(() => {
      memory.host.write32(space, memory.text.base, 1);
    }).toThrow(expect.objectContaining({ code: 'ERR_ADDRESS' }));
  });

  it('throws ERR_CAPACITY when there is no frame to write to', () => {
    const { memory } = createFixture({ sizeBytes: 6 * PAGE });
    const space = memory.spaces.create();
    const at = mapPages(space, 2);
    memory.host.write32(space, at, 1);
    expect(() => {
      memory.host.write32(space, at + PAGE, 1);
    }).toThrow(expect.objectContaining({ code: 'ERR_CAPACITY' }));
  });
});
