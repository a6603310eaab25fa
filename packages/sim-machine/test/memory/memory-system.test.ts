import { describe, expect, it } from 'vitest';
import type { MemoryModelName } from '../../src/memory/create-memory-model.js';
import { MapFlag } from '../../src/memory/mapping-flags.js';
import { createFixture, type Fixture, mapPages, PAGE, READ_WRITE, SHARED } from './fixture.js';

/** Uses everything once; whatever the machine shows of it is returned. */
function exercise({ memory, faults }: Fixture): unknown {
  const { bus, spaces, objects, user, host } = memory;
  const shown: number[] = [];
  const parent = spaces.create();
  const at = mapPages(parent, 5);
  const object = objects.create(PAGE);
  const shared = parent.mmap(0, PAGE, READ_WRITE, MapFlag.Shared, object);
  const anonymous = parent.mmap(0, PAGE, READ_WRITE, SHARED);
  bus.enter(0, 0, parent);
  for (const address of [at, at + PAGE, shared, anonymous]) bus.store(address, 4, address, 0, 0);
  const child = spaces.fork(parent);
  spaces.swapOut(parent, at);
  spaces.swapOut(parent, shared);
  bus.enter(1, 1, child);
  bus.store(at + 4, 4, 9, 0, 0);
  for (const address of [at, at + 3 * PAGE, shared, anonymous])
    shown.push(bus.load(address, 4, 0), bus.fault);
  parent.mprotect(at + PAGE, PAGE, 1);
  parent.munmap(at + 2 * PAGE, PAGE);
  shown.push(user.getUser32(parent, at) ? user.value : -1, host.read32(child, at));
  shown.push(parent.brk(parent.brk(0) + 10), mapPages(child, 1), parent.translations, child.id);
  for (let page = 0; page < 5; page++) shown.push(parent.pages.entry(at + page * PAGE));
  const log = [...faults.log];
  faults.log.length = 0;
  const { fingerprint } = memory.physical;
  return { shown, log, fingerprint: [fingerprint?.low, fingerprint?.high] };
}

describe('MemorySystem', () => {
  it.each<[MemoryModelName, boolean]>([
    ['sc', false],
    ['sc', true],
    ['tso', false],
    ['tso', true],
  ])(
    'does the same after a reset as when it was new (%s, fingerprint %s)',
    (model, trackFingerprint) => {
      const fixture = createFixture({ model, trackFingerprint });
      const first = exercise(fixture);
      for (let run = 0; run < 3; run++) {
        fixture.memory.reset();
        fixture.arena.reset();
        expect(exercise(fixture)).toEqual(first);
      }
    },
  );

  it('has nothing in use after a reset', () => {
    const fixture = createFixture();
    exercise(fixture);
    fixture.memory.reset();
    const { physical, swap } = fixture.memory;
    expect([physical.frames.used, swap.used]).toEqual([0, 0]);
    const { entries } = fixture.memory.translations;
    const tags = entries.filter((_word, index) => index % 4 < 2);
    expect(tags.every((tag) => tag === 0x800)).toBe(true);
  });

  it('refuses a memory model that does not exist, with ERR_CONFIG', () => {
    expect(() => createFixture({ model: 'pso' as MemoryModelName })).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG',
        message: 'expected a memory model (sc, tso, weak), got "pso"',
      }),
    );
  });
});
