import { describe, expect, it } from 'vitest';
import { Protection } from '../../src/memory/mapping-flags.js';
import { TranslationCache } from '../../src/memory/translation-cache.js';
import { FastPath } from './fast-path.js';
import { createFixture, mapPages, PAGE, READ } from './fixture.js';

describe('TranslationCache', () => {
  it('lets executors reach a page after the first access, and only then', () => {
    const { memory } = createFixture();
    const space = memory.spaces.create();
    const at = mapPages(space, 1);
    const fast = new FastPath(memory);
    memory.bus.enter(0, 0, space);
    fast.store(space, at, 4, 5, 0);
    expect(fast.hits).toBe(0);
    expect(fast.load(space, at, 4)).toBe(5);
    expect(fast.load(space, at + 2, 2)).toBe(0);
    expect(fast.hits).toBe(2);
    fast.load(space, at + 2, 4);
    expect(fast.hits).toBe(2);
  });

  it('does not let a page be written that was only read', () => {
    const { memory } = createFixture();
    const space = memory.spaces.create();
    const at = mapPages(space, 1);
    const fast = new FastPath(memory);
    memory.bus.enter(0, 0, space);
    fast.load(space, at, 4);
    fast.store(space, at, 4, 5, 0);
    expect(fast.hits).toBe(0);
    expect(memory.host.read32(space, at)).toBe(5);
  });

  it.each(['munmap', 'mprotect', 'madvise', 'swapOut', 'exec'])('is invalidated by %s', (what) => {
    const { memory } = createFixture();
    const { spaces } = memory;
    const space = spaces.create();
    const at = mapPages(space, 1);
    const fast = new FastPath(memory);
    memory.bus.enter(0, 0, space);
    fast.store(space, at, 4, 5, 0);
    if (what === 'munmap') space.munmap(at, PAGE);
    else if (what === 'mprotect') space.mprotect(at, PAGE, Protection.None);
    else if (what === 'madvise') space.madvise(at, PAGE, 4);
    else if (what === 'swapOut') spaces.swapOut(space, at);
    else spaces.exec(space);
    fast.load(space, at, 4);
    fast.store(space, at, 4, 6, 0);
    expect(fast.hits).toBe(0);
  });

  it('follows a page that the host or the kernel moved to a frame of its own', () => {
    const { memory } = createFixture();
    const space = memory.spaces.create();
    const at = mapPages(space, 2);
    const fast = new FastPath(memory);
    memory.bus.enter(0, 0, space);
    fast.load(space, at, 4);
    fast.load(space, at + PAGE, 4);
    memory.host.write32(space, at, 1);
    memory.user.putUser32(space, at + PAGE, 2);
    expect([fast.load(space, at, 4), fast.load(space, at + PAGE, 4)]).toEqual([1, 2]);
  });

  it.each([
    ['tso', { model: 'tso' }],
    ['a fingerprint', { trackFingerprint: true }],
  ] as const)('is never filled with %s', (_what, options) => {
    const { memory } = createFixture(options);
    const space = memory.spaces.create();
    const at = mapPages(space, 1);
    const fast = new FastPath(memory);
    memory.bus.enter(0, 0, space);
    for (let i = 0; i < 3; i++) fast.store(space, at, 4, i, 0);
    expect([memory.bus.direct, fast.hits]).toEqual([false, 0]);
  });

  it('is emptied when somebody listens, and filled again when nobody does', () => {
    const { memory } = createFixture();
    const space = memory.spaces.create();
    const at = mapPages(space, 1);
    const fast = new FastPath(memory);
    memory.bus.enter(0, 0, space);
    fast.store(space, at, 4, 1, 0);
    memory.attach({ observer: { onAccess: () => undefined } });
    fast.load(space, at, 4);
    fast.load(space, at, 4);
    expect([memory.bus.direct, fast.hits]).toEqual([false, 0]);
    memory.attach({});
    fast.load(space, at, 4);
    fast.load(space, at, 4);
    expect([memory.bus.direct, fast.hits]).toEqual([true, 1]);
  });

  it('has a region for as many address spaces as configured; further ones share an empty one', () => {
    const { memory } = createFixture({ translatedSpaces: 1 });
    const [one, two] = [memory.spaces.create(), memory.spaces.create()];
    expect([one.translations, two.translations]).toEqual([256, 0]);
    const fast = new FastPath(memory);
    memory.bus.enter(0, 0, two);
    const at = mapPages(two, 1);
    for (let i = 0; i < 3; i++) fast.store(two, at, 4, i, 0);
    expect(fast.hits).toBe(0);
  });

  it('keeps two pages that share an entry apart', () => {
    const { memory } = createFixture();
    const space = memory.spaces.create();
    const at = mapPages(space, 65);
    const fast = new FastPath(memory);
    memory.bus.enter(0, 0, space);
    fast.store(space, at, 4, 1, 0);
    fast.store(space, at + 64 * PAGE, 4, 2, 0);
    expect([fast.load(space, at, 4), fast.load(space, at + 64 * PAGE, 4)]).toEqual([1, 2]);
    expect(fast.hits).toBe(0);
  });

  it('forgets all regions that were filled at a reset', () => {
    const cache = new TranslationCache(4);
    cache.fill(256, 0x12345678, 0x2000, true);
    cache.fill(1024, READ, 0x3000, false);
    cache.reset();
    const isTag = (_word: number, index: number): boolean => index % 4 < 2;
    expect([...new Set(cache.entries.filter(isTag))]).toEqual([0x800]);
  });
});
