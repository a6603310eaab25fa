import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MapFlag } from '../../src/memory/mapping-flags.js';
import { mapPrivate } from '../../src/memory/map-private.js';
import type { AddressSpace } from '../../src/memory/address-space.js';
import { createFixture, PAGE, PRIVATE, READ, READ_WRITE } from './fixture.js';

const BASE = 0x10000000;
const ANONYMOUS = PRIVATE | MapFlag.Fixed;

it('maps what mmap with MAP_FIXED maps, whatever is there already', () => {
  const range = fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 6 * PAGE }), fc.boolean());
  fc.assert(
    fc.property(fc.array(range, { maxLength: 6 }), fc.nat(20), (before, page) => {
      const areas = (map: (space: AddressSpace, address: number) => void): unknown[] => {
        const space = createFixture().memory.spaces.create();
        for (const [start, length, isReadOnly] of before) {
          const rights = isReadOnly ? READ : READ_WRITE;
          space.mmap(BASE + start * PAGE, length, rights, ANONYMOUS);
        }
        map(space, BASE + page * PAGE);
        return Array.from({ length: space.areas.count }, (_, index) => ({
          ...space.areas.at(index),
        }));
      };
      const length = 2 * PAGE + 5;
      const mapped = areas((space, address) => {
        mapPrivate(space, address, length);
      });
      const expected = areas((space, address) => {
        space.mmap(address, length, READ_WRITE, ANONYMOUS);
      });
      expect(mapped).toEqual(expected);
    }),
  );
});
