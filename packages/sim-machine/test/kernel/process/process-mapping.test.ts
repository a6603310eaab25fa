import { describe, expect, it } from 'vitest';
import { MapFlag } from '../../../src/memory/mapping-flags.js';
import { Errno } from '../../../src/base/errno.js';
import { Laboratory } from '../program-fixture.js';

const PAGE = 4096;

describe('a process that maps from outside', () => {
  it('has a page of its own once it was written, not once it was read', () => {
    const lab = Laboratory.timed({ cpus: 1 });
    const start = lab.process.map(3 * PAGE);
    lab.run(function* (t) {
      yield* t.load(start);
      yield* t.store(start + PAGE, 1);
    });
    expect([0, 1, 2].map((page) => lab.process.hasOwnPage(start + page * PAGE))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('sees shared memory through a private mapping until it writes', () => {
    const lab = Laboratory.timed({ cpus: 1 });
    const memory = lab.machine.createSharedMemory(2 * PAGE);
    const shared = lab.process.mapShared(memory);
    const own = lab.process.map(PAGE, MapFlag.Private, memory, 0, PAGE);
    lab.process.write32(shared + PAGE, 7);
    expect(lab.run((t) => t.load(own))).toBe(7);
    expect([lab.process.hasOwnPage(shared + PAGE), lab.process.hasOwnPage(own)]).toEqual([
      false,
      false,
    ]);
    lab.run((t) => t.store(own + 4, 8));
    lab.process.write32(shared + PAGE, 9);
    expect([lab.process.read32(own), lab.process.hasOwnPage(own)]).toEqual([7, true]);
  });

  it('maps where it is told to, unmaps, and gets the errors of mmap', () => {
    const lab = Laboratory.timed({ cpus: 1 });
    const fixed = MapFlag.Private | MapFlag.Anonymous | MapFlag.Fixed;
    expect(lab.process.map(PAGE, fixed, undefined, 0x20000000)).toBe(0x20000000);
    expect(lab.process.unmap(0x20000000, PAGE)).toBe(0);
    expect(() => lab.process.read32(0x20000000)).toThrow('an address that is mapped');
    expect(lab.process.map(0)).toBe(-Errno.EINVAL);
    expect(lab.process.map(PAGE, MapFlag.Private)).toBe(-Errno.EBADF);
  });
});
