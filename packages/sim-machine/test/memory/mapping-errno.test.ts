import { describe, expect, it } from 'vitest';
import { Errno } from '../../src/base/errno.js';
import type { AddressSpace } from '../../src/memory/address-space.js';
import { Advice, MapFlag, Protection } from '../../src/memory/mapping-flags.js';
import type { MemorySystem } from '../../src/memory/memory-system.js';
import { HEAP_BASE, MMAP_TOP, TEXT_BASE, USER_END } from '../../src/memory/user-layout.js';
import { createFixture, PAGE, PRIVATE, READ, READ_WRITE, SHARED } from './fixture.js';

const { EACCES, EBADF, EEXIST, EINVAL, ENOMEM, EPERM } = Errno;
const FIXED = PRIVATE | MapFlag.Fixed;
const BASE = 0x20000000;
const { None, Write } = Protection;

type Call = (space: AddressSpace, memory: MemorySystem) => number;
/** What, how, and what comes of it; errors are given positive. */
type Row = readonly [what: string, call: Call, result: number];

function check(rows: readonly Row[], maxAreas = 65530): void {
  it.each(rows)('%s', (_what, call, result) => {
    const { memory } = createFixture({ maxAreas });
    const space = memory.spaces.create();
    expect(space.mmap(BASE, 4 * PAGE, READ_WRITE, FIXED)).toBe(BASE);
    expect(call(space, memory)).toBe(result);
  });
}

describe('mmap', () => {
  check([
    ['returns the highest free address', (s) => s.mmap(0, 1, READ, PRIVATE), MMAP_TOP - PAGE],
    ['rounds the length up', (s) => s.mmap(0, PAGE + 1, READ, PRIVATE), MMAP_TOP - 2 * PAGE],
    [
      'returns a higher address again once it is free',
      (s) => {
        const first = s.mmap(0, 2 * PAGE, READ, PRIVATE);
        s.mmap(0, PAGE, READ, PRIVATE);
        s.munmap(first + PAGE, PAGE);
        return s.mmap(0, PAGE, READ, PRIVATE);
      },
      MMAP_TOP - PAGE,
    ],
    ['takes a hint that is free', (s) => s.mmap(0x30000001, 1, READ, PRIVATE), 0x30001000],
    ['ignores a hint that is not free', (s) => s.mmap(BASE, 1, READ, PRIVATE), MMAP_TOP - PAGE],
    ['raises a hint that is too low', (s) => s.mmap(1, 1, READ, PRIVATE), 0x10000],
    ['replaces what is there with MAP_FIXED', (s) => s.mmap(BASE, PAGE, READ, FIXED), BASE],
    ['returns -EINVAL for a length of 0', (s) => s.mmap(0, 0, READ, PRIVATE), -EINVAL],
    [
      'returns -EINVAL for neither MAP_SHARED nor MAP_PRIVATE',
      (s) => s.mmap(0, PAGE, READ, MapFlag.Anonymous),
      -EINVAL,
    ],
    [
      'returns -EINVAL for an anonymous MAP_SHARED_VALIDATE',
      (s) => s.mmap(0, PAGE, READ, MapFlag.SharedValidate | MapFlag.Anonymous),
      -EINVAL,
    ],
    [
      'takes MAP_SHARED_VALIDATE for an object',
      (s, m) => s.mmap(0, PAGE, READ, MapFlag.SharedValidate, m.objects.create(PAGE)),
      MMAP_TOP - PAGE,
    ],
    [
      'returns -EINVAL for a fixed address inside a page',
      (s) => s.mmap(BASE + 1, PAGE, READ, FIXED),
      -EINVAL,
    ],
    [
      'returns -EINVAL for an offset inside a page',
      (s, m) => s.mmap(0, PAGE, READ, MapFlag.Shared, m.objects.create(PAGE), 100),
      -EINVAL,
    ],
    ['returns -EBADF without an object', (s) => s.mmap(0, PAGE, READ, MapFlag.Private), -EBADF],
    [
      'returns -EACCES to write through a read-only descriptor',
      (s, m) => s.mmap(0, PAGE, READ_WRITE, MapFlag.Shared, m.objects.create(PAGE, false)),
      -EACCES,
    ],
    [
      'lets a private mapping of a read-only descriptor be writable',
      (s, m) => s.mmap(0, PAGE, READ_WRITE, MapFlag.Private, m.objects.create(PAGE, false)),
      MMAP_TOP - PAGE,
    ],
    [
      'returns -EEXIST for MAP_FIXED_NOREPLACE where something is',
      (s) => s.mmap(BASE + PAGE, PAGE, READ, PRIVATE | MapFlag.FixedNoReplace),
      -EEXIST,
    ],
    [
      'takes MAP_FIXED_NOREPLACE where nothing is',
      (s) => s.mmap(BASE - PAGE, PAGE, READ, PRIVATE | MapFlag.FixedNoReplace),
      BASE - PAGE,
    ],
    [
      'returns -EPERM below the lowest address that may be mapped',
      (s) => s.mmap(0, PAGE, READ, FIXED),
      -EPERM,
    ],
    ['returns -EPERM over the sealed text', (s) => s.mmap(TEXT_BASE, PAGE, READ, FIXED), -EPERM],
    ['returns -ENOMEM for more than there is', (s) => s.mmap(0, USER_END, READ, PRIVATE), -ENOMEM],
    ['returns -ENOMEM for a length of 2^32 - 1', (s) => s.mmap(0, -1, READ, PRIVATE), -ENOMEM],
    [
      'returns -ENOMEM for a fixed range that ends beyond user space',
      (s) => s.mmap(USER_END - PAGE, 2 * PAGE, READ, FIXED),
      -ENOMEM,
    ],
    [
      'maps up to the end of user space',
      (s) => s.mmap(USER_END - PAGE, PAGE, READ, FIXED),
      USER_END - PAGE,
    ],
  ]);

  describe('with room for one more area', () => {
    check(
      [
        ['succeeds', (s) => s.mmap(0, PAGE, READ, PRIVATE), MMAP_TOP - PAGE],
        [
          'returns -ENOMEM for another',
          (s) => {
            s.mmap(0, PAGE, READ, PRIVATE);
            return s.mmap(0, PAGE, None, PRIVATE);
          },
          -ENOMEM,
        ],
        [
          'returns -ENOMEM when MAP_FIXED would cut at both ends',
          (s) => s.mmap(BASE + PAGE, PAGE, READ, FIXED),
          -ENOMEM,
        ],
      ],
      3,
    );
  });
});

describe('munmap', () => {
  check([
    ['unmaps', (s) => s.munmap(BASE, PAGE), 0],
    ['does not mind holes', (s) => s.munmap(BASE - PAGE, 16 * PAGE), 0],
    ['does not mind nothing at all', (s) => s.munmap(0x50000000, PAGE), 0],
    ['returns -EINVAL for an address inside a page', (s) => s.munmap(BASE + 4, PAGE), -EINVAL],
    ['returns -EINVAL for a length of 0', (s) => s.munmap(BASE, 0), -EINVAL],
    ['returns -EINVAL beyond user space', (s) => s.munmap(USER_END, PAGE), -EINVAL],
    ['returns -EINVAL for a range that leaves user space', (s) => s.munmap(BASE, -1), -EINVAL],
    ['returns -EPERM over the sealed text', (s) => s.munmap(TEXT_BASE, PAGE), -EPERM],
  ]);
  describe('with no room for more areas', () => {
    check(
      [
        [
          'returns -ENOMEM when it would cut an area in two',
          (s) => s.munmap(BASE + PAGE, PAGE),
          -ENOMEM,
        ],
        ['shortens an area', (s) => s.munmap(BASE, 4 * PAGE), 0],
      ],
      2,
    );
  });
});

describe('mprotect', () => {
  check([
    ['protects', (s) => s.mprotect(BASE, 4 * PAGE, READ), 0],
    ['returns 0 for a length of 0', (s) => s.mprotect(0x50000000, 0, READ), 0],
    ['returns -EINVAL for an address inside a page', (s) => s.mprotect(BASE + 1, 1, READ), -EINVAL],
    ['returns -EINVAL for unknown bits', (s) => s.mprotect(BASE, PAGE, 0x40), -EINVAL],
    ['returns -ENOMEM where nothing is mapped', (s) => s.mprotect(0x50000000, 1, READ), -ENOMEM],
    ['returns -ENOMEM for a range with a hole', (s) => s.mprotect(BASE, 5 * PAGE, READ), -ENOMEM],
    ['returns -EPERM over the sealed text', (s) => s.mprotect(TEXT_BASE, PAGE, READ), -EPERM],
    [
      'returns -EACCES to make a read-only object writable',
      (s, m) => {
        const object = m.objects.create(PAGE, false);
        const at = s.mmap(0, PAGE, READ, MapFlag.Shared, object);
        return s.mprotect(at, PAGE, READ | Write);
      },
      -EACCES,
    ],
    [
      'returns -ENOMEM at a hole, with all before it protected',
      (s, m) => {
        expect(s.mprotect(BASE, 5 * PAGE, READ)).toBe(-ENOMEM);
        m.bus.enter(0, 0, s);
        m.bus.store(BASE, 4, 1, 0, 0);
        return m.bus.fault;
      },
      5,
    ],
  ]);
  describe('with no room for more areas', () => {
    check([['returns -ENOMEM to cut', (s) => s.mprotect(BASE, PAGE, READ), -ENOMEM]], 2);
  });
});

describe('madvise', () => {
  const { DontNeed, WillNeed } = Advice;
  check([
    ['takes advice that changes nothing', (s) => s.madvise(BASE, PAGE, WillNeed), 0],
    ['takes MADV_DONTNEED', (s) => s.madvise(BASE, 4 * PAGE, DontNeed), 0],
    ['returns 0 for a length of 0', (s) => s.madvise(BASE, 0, DontNeed), 0],
    ['returns -EINVAL for unknown advice', (s) => s.madvise(BASE, PAGE, 99), -EINVAL],
    ['returns -EINVAL for negative advice', (s) => s.madvise(BASE, PAGE, -1), -EINVAL],
    [
      'returns -EINVAL for an address inside a page',
      (s) => s.madvise(BASE + 8, PAGE, DontNeed),
      -EINVAL,
    ],
    [
      'returns -ENOMEM for a range with a hole, after dropping the rest',
      (s, m) => {
        m.host.write32(s, BASE, 7);
        expect(s.madvise(BASE - PAGE, 2 * PAGE, DontNeed)).toBe(-ENOMEM);
        return m.host.read32(s, BASE);
      },
      0,
    ],
    [
      'returns -ENOMEM where nothing is mapped behind',
      (s) => s.madvise(BASE, 5 * PAGE, DontNeed),
      -ENOMEM,
    ],
  ]);
});

describe('brk', () => {
  check([
    ['returns the break for 0', (s) => s.brk(0), HEAP_BASE],
    ['moves the break up, to any byte', (s) => s.brk(HEAP_BASE + 100), HEAP_BASE + 100],
    [
      'moves the break down again',
      (s) => s.brk(HEAP_BASE + 5 * PAGE) && s.brk(HEAP_BASE + PAGE),
      HEAP_BASE + PAGE,
    ],
    [
      'returns the old break below the heap',
      (s) => s.brk(HEAP_BASE + 8) && s.brk(HEAP_BASE - 1),
      HEAP_BASE + 8,
    ],
    ['returns the old break over a mapping', (s) => s.brk(BASE + 1), HEAP_BASE],
    ['returns the old break beyond user space', (s) => s.brk(-8), HEAP_BASE],
    [
      'clears what it gives back',
      (s, m) => {
        s.brk(HEAP_BASE + PAGE);
        m.host.write32(s, HEAP_BASE, 9);
        s.brk(HEAP_BASE);
        s.brk(HEAP_BASE + PAGE);
        return m.host.read32(s, HEAP_BASE);
      },
      0,
    ],
  ]);
  describe('with no room for more areas', () => {
    check([['returns the old break', (s) => s.brk(HEAP_BASE + PAGE), HEAP_BASE]], 2);
  });
});

describe('SHARED anonymous memory', () => {
  it('is gone with its last mapping', () => {
    const { memory } = createFixture();
    const space = memory.spaces.create();
    const at = space.mmap(0, 2 * PAGE, READ_WRITE, SHARED | MapFlag.Populate);
    expect(memory.physical.frames.used).toBe(2);
    space.munmap(at, PAGE);
    space.munmap(at + PAGE, PAGE);
    expect(memory.physical.frames.used).toBe(0);
  });
});
