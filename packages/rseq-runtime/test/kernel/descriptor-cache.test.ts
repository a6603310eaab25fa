import { describe, expect, it } from 'vitest';
import { DescriptorCache } from '../../src/kernel/descriptor-cache.js';
import type { CachedSection } from '../../src/kernel/descriptor-cache.js';

const TEXT = 0x400000;
const TEXT_END = 0x500000;

/** Text that can change. */
class FakeText {
  version = 0;

  isText = (address: number, bytes: number): boolean =>
    address >= TEXT && address + bytes <= TEXT_END;

  textVersion = (): number => this.version;
}

const section: CachedSection = {
  startIp: TEXT + 256,
  postCommitOffset: 24,
  abortIp: TEXT + 512,
  flags: 3,
};
const nothing = (): CachedSection => ({ startIp: 0, postCommitOffset: 0, abortIp: 0, flags: 0 });

function filled(
  descriptor = TEXT + 64,
  kept: CachedSection = section,
): [DescriptorCache, FakeText] {
  const text = new FakeText();
  const cache = new DescriptorCache(text);
  cache.find(descriptor, 7, nothing());
  cache.keep(descriptor, 32, 7, kept);
  return [cache, text];
}

describe('DescriptorCache', () => {
  it('gives back what it keeps, whole', () => {
    const [cache] = filled();
    const found = nothing();
    expect(cache.find(TEXT + 64, 7, found)).toBe(true);
    expect(found).toEqual(section);
  });

  it('knows nothing of other descriptors, nor of the same under another signature', () => {
    const [cache] = filled();
    const found = nothing();
    for (const [descriptor, signature] of [
      [TEXT + 96, 7],
      [TEXT + 64 + 512, 7],
      [TEXT + 68, 7],
      [TEXT + 64, 8],
      [0, 7],
    ] as const)
      expect(cache.find(descriptor, signature, found)).toBe(false);
    expect(found).toEqual(nothing());
  });

  it('knows nothing after it was cleared, for the next run', () => {
    const [cache] = filled();
    cache.clear();
    expect(cache.find(TEXT + 64, 7, nothing())).toBe(false);
  });

  it('keeps none that the program could change: outside of the text, in whole or in part', () => {
    for (const descriptor of [0x10000000, TEXT - 16, TEXT_END - 16]) {
      const [cache] = filled(descriptor);
      expect(cache.find(descriptor, 7, nothing())).toBe(false);
    }
    const [cache] = filled(TEXT + 64, { ...section, abortIp: 0x10000000 });
    expect(cache.find(TEXT + 64, 7, nothing())).toBe(false);
  });

  it('forgets all when the text changes', () => {
    const [cache, text] = filled();
    text.version += 1;
    expect(cache.find(TEXT + 64, 7, nothing())).toBe(false);
    expect(cache.find(TEXT + 64, 7, nothing())).toBe(false);
  });

  it('keeps the newest of two that fall on the same place', () => {
    const [cache] = filled();
    cache.keep(TEXT + 64 + 512, 32, 7, { ...section, flags: 0 });
    expect(cache.find(TEXT + 64, 7, nothing())).toBe(false);
    expect(cache.find(TEXT + 64 + 512, 7, nothing())).toBe(true);
  });
});
