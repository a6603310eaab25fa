import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { brk, madvise, mmap, mprotect, munmap } from '../../../src/kernel/libc/memory.js';
import { Advice, MapFlag, Protection } from '../../../src/memory/mapping-flags.js';
import { HEAP_BASE } from '../../../src/memory/user-layout.js';
import { Laboratory } from '../program-fixture.js';

const PAGE = 4096;

describe('the system calls on memory', () => {
  it('map zeroed memory that can be used, and take it back', () => {
    const lab = new Laboratory({ cpus: 1 });
    const seen = lab.run(function* main(t) {
      const address = yield* mmap(t, { length: 2 * PAGE });
      const before = yield* t.load(address + PAGE);
      yield* t.store(address + PAGE, 5);
      const after = yield* t.load(address + PAGE);
      const dropped = yield* madvise(t, address, 2 * PAGE, Advice.DontNeed);
      const fresh = yield* t.load(address + PAGE);
      return [before, after, dropped, fresh, yield* munmap(t, address, 2 * PAGE)];
    });
    expect(seen).toEqual([0, 5, 0, 0, 0]);
  });

  it('move the end of the heap', () => {
    const lab = new Laboratory({ cpus: 1 });
    const seen = lab.run(function* main(t) {
      const start = yield* brk(t, 0);
      const end = yield* brk(t, start + 3 * PAGE);
      yield* t.store(end - 4, 9);
      return [start, end - start, yield* t.load(end - 4), yield* brk(t, start)];
    });
    expect(seen).toEqual([HEAP_BASE, 3 * PAGE, 9, HEAP_BASE]);
  });

  it.each([
    ['mmap of nothing', { length: 0 }, -Errno.EINVAL],
    ['mmap without a type', { length: PAGE, flags: MapFlag.Anonymous }, -Errno.EINVAL],
    ['mmap of no descriptor', { length: PAGE, flags: MapFlag.Private }, -Errno.EBADF],
    [
      'mmap of an unknown descriptor',
      { length: PAGE, flags: MapFlag.Private, descriptor: 9 },
      -Errno.EBADF,
    ],
    ['mmap of an unaligned offset', { length: PAGE, offset: 5 }, -Errno.EINVAL],
    ['mmap of too much', { length: 0x7ffff000 }, -Errno.ENOMEM],
  ] as const)('fail as Linux does: %s', (_name, request, result) => {
    const lab = new Laboratory({ cpus: 1 });
    expect(lab.run((t) => mmap(t, request))).toBe(result);
  });

  it('fail as Linux does on what is mapped', () => {
    const lab = new Laboratory({ cpus: 1 });
    const seen = lab.run(function* main(t) {
      const address = yield* mmap(t, { length: PAGE });
      return [
        yield* munmap(t, address + 1, PAGE),
        yield* mprotect(t, address, PAGE, 64),
        yield* mprotect(t, address, PAGE, Protection.Read),
        yield* madvise(t, address, PAGE, 77),
        yield* munmap(t, address, PAGE),
        yield* mprotect(t, address, PAGE, Protection.Read),
        yield* madvise(t, address, PAGE, Advice.DontNeed),
      ];
    });
    expect(seen).toEqual([
      -Errno.EINVAL,
      -Errno.EINVAL,
      0,
      -Errno.EINVAL,
      0,
      -Errno.ENOMEM,
      -Errno.ENOMEM,
    ]);
  });
});
