import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AddressSpace } from '../../src/memory/address-space.js';
import { MapFlag } from '../../src/memory/mapping-flags.js';
import { createFixture, type Fixture, mapPages, PAGE, READ_WRITE } from './fixture.js';

interface Process extends Fixture {
  readonly space: AddressSpace;
  readonly at: number;
}

function createProcess(): Process {
  const fixture = createFixture({ trackFingerprint: true });
  const space = fixture.memory.spaces.create();
  const at = mapPages(space, 6);
  fixture.memory.bus.enter(0, 0, space);
  return { ...fixture, space, at };
}

function fingerprint({ memory }: Fixture): readonly number[] {
  const { low, high } = memory.physical.fingerprint!;
  return [low, high];
}

const write = fc.record({ page: fc.nat(3), word: fc.nat(3), value: fc.nat(2) });

describe('the fingerprint of memory', () => {
  it('depends on what memory holds, and not on how it came about', () => {
    fc.assert(
      fc.property(fc.array(write), fc.array(write), (one, two) => {
        const run = (writes: typeof one): readonly [string, readonly number[]] => {
          const process = createProcess();
          const contents = new Map<number, number>();
          for (const { page, word, value } of writes) {
            process.memory.bus.store(process.at + page * PAGE + word * 4, 4, value, 0, 0);
            contents.set(page * 4 + word, value);
          }
          const held = [...contents].filter(([, value]) => value !== 0).sort(([a], [b]) => a - b);
          return [JSON.stringify(held), fingerprint(process)];
        };
        const [heldByOne, first] = run(one);
        const [heldByTwo, second] = run(two);
        expect(heldByOne === heldByTwo).toBe(String(first) === String(second));
      }),
    );
  });

  it('does not depend on which page was touched first', () => {
    const [one, two] = [createProcess(), createProcess()];
    for (const page of [0, 3, 1]) one.memory.bus.store(one.at + page * PAGE, 4, page + 1, 0, 0);
    for (const page of [1, 0, 3]) two.memory.bus.store(two.at + page * PAGE, 4, page + 1, 0, 0);
    expect(fingerprint(one)).toEqual(fingerprint(two));
  });

  it('does not depend on who copied a page that a fork shares', () => {
    const run = (parentFirst: boolean): readonly number[] => {
      const process = createProcess();
      const { memory, space, at } = process;
      memory.bus.store(at, 4, 1, 0, 0);
      const child = memory.spaces.fork(space);
      for (const each of parentFirst ? [space, child] : [child, space]) {
        memory.bus.enter(0, 0, each);
        memory.bus.store(at + 4, 4, each === space ? 2 : 3, 0, 0);
      }
      return fingerprint(process);
    };
    expect(run(true)).toEqual(run(false));
  });

  it.each<[string, (process: Process) => void]>([
    ['a protection', ({ space, at }) => void space.mprotect(at, PAGE, 1)],
    ['a mapping', ({ space }) => void mapPages(space, 1)],
    ['what is swapped out', ({ memory, space, at }) => void memory.spaces.swapOut(space, at)],
    ['an address space', ({ memory }) => void memory.spaces.create()],
    ['the heap', ({ space }) => void space.brk(space.brk(0) + 2 * PAGE)],
    ['where in its page the heap ends', ({ space }) => void space.brk(space.brk(0) + 2)],
  ])('depends on %s', (_what, change) => {
    const process = createProcess();
    process.memory.bus.store(process.at, 4, 5, 0, 0);
    process.space.brk(process.space.brk(0) + 2);
    const before = fingerprint(process);
    change(process);
    expect(fingerprint(process)).not.toEqual(before);
  });

  it('is the same again when what was done is undone', () => {
    const process = createProcess();
    const { memory, space, at } = process;
    memory.bus.store(at, 4, 5, 0, 0);
    const before = fingerprint(process);
    const object = memory.objects.create(PAGE);
    const shared = space.mmap(0, PAGE, READ_WRITE, MapFlag.Shared, object);
    memory.bus.store(shared, 4, 6, 0, 0);
    const child = memory.spaces.fork(space);
    memory.spaces.swapOut(space, at);
    memory.spaces.swapOut(space, shared);
    expect(fingerprint(process)).not.toEqual(before);
    memory.spaces.destroy(child);
    space.munmap(shared, PAGE);
    memory.objects.release(object);
    space.swapIn(at);
    expect(fingerprint(process)).toEqual(before);
  });
});
