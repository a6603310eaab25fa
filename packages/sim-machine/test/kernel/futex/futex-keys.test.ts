import { beforeEach, describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { FutexKeys } from '../../../src/kernel/futex/futex-keys.js';
import type { AddressSpace } from '../../../src/memory/address-space.js';
import { MapFlag, Protection } from '../../../src/memory/mapping-flags.js';
import { machineParts } from '../program-fixture.js';
import { FakeUserMemory } from '../fake-user-memory.js';

const READ_WRITE = Protection.Read | Protection.Write;

let user: FakeUserMemory;
let keys: FutexKeys;
let spaces: AddressSpace[];
let shared: number[];

/** The key of an address, as one comparable value. */
function keyOf(space: number, address: number, isShared: boolean): string {
  expect(keys.find(spaces[space]!, address, isShared)).toBe(0);
  return `${keys.owner} ${keys.offset}`;
}

describe('FutexKeys', () => {
  beforeEach(() => {
    const { memory } = machineParts({ cpus: 1 });
    user = new FakeUserMemory();
    keys = new FutexKeys(user);
    const object = memory.objects.create(16384);
    spaces = [memory.spaces.create(), memory.spaces.create()];
    shared = spaces.map((space, index) =>
      space.mmap(0x20000000 + index * 0x10000, 8192, READ_WRITE, MapFlag.Shared, object, 4096),
    );
    for (const space of spaces)
      space.mmap(0x30000000, 4096, READ_WRITE, MapFlag.Private | MapFlag.Anonymous | MapFlag.Fixed);
    for (const address of [...shared, 0x30000000])
      user.set(address, ...new Array<number>(16).fill(0));
  });

  it('are equal for processes that map the same object at different addresses', () => {
    expect(shared[0]).not.toBe(shared[1]);
    expect(keyOf(0, shared[0]! + 8, true)).toBe(keyOf(1, shared[1]! + 8, true));
    expect(keyOf(0, shared[0]! + 8, true)).not.toBe(keyOf(1, shared[1]! + 12, true));
  });

  it('differ between processes in private memory, shared or not', () => {
    expect(keyOf(0, 0x30000000, true)).not.toBe(keyOf(1, 0x30000000, true));
    expect(keyOf(0, 0x30000000, false)).not.toBe(keyOf(1, 0x30000000, false));
    expect(keyOf(0, 0x30000000, false)).toBe(keyOf(0, 0x30000000, true));
  });

  it('differ between a private and a shared futex at one address of an object', () => {
    expect(keyOf(0, shared[0]!, false)).not.toBe(keyOf(0, shared[0]!, true));
  });

  it.each([
    ['an unaligned address', 0x30000001, false, -Errno.EINVAL],
    ['an address of the kernel', 0x80000000 | 0, false, -Errno.EFAULT],
    ['shared memory that cannot be read', 0x50000000, true, -Errno.EFAULT],
    ['private memory that cannot be read', 0x50000000, false, 0],
  ] as const)('find for %s', (_name, address, isShared, result) => {
    expect(keys.find(spaces[0]!, address, isShared)).toBe(result);
  });
});
