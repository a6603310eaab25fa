import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AreaAttributes, AreaKind } from '../../src/memory/area.js';
import { AreaList } from '../../src/memory/area-list.js';
import { MemoryFingerprint } from '../../src/memory/fingerprint.js';
import type { MemoryObject } from '../../src/memory/memory-object.js';
import { GapSearch } from '../../src/memory/gap-search.js';
import { MMAP_MIN_ADDRESS, MMAP_TOP } from '../../src/memory/user-layout.js';
import { PAGE } from './fixture.js';

const object: MemoryObject = { id: 3, sizeBytes: 1, writable: true, table: 0, references: 1 };

const attributes = fc.oneof(
  fc.record({
    protection: fc.nat(3),
    kind: fc.constant(AreaKind.Anonymous),
    shared: fc.constant(false),
    object: fc.constant(undefined),
    offset: fc.constant(0),
  }),
  fc.record({
    protection: fc.nat(3),
    kind: fc.constant(AreaKind.Object),
    shared: fc.boolean(),
    object: fc.constant(object),
    offset: fc.nat(4).map((pages) => pages * PAGE),
  }),
);

const command = fc.record({
  what: fc.constantFrom('insert', 'remove', 'protect'),
  start: fc.nat(24),
  pages: fc.integer({ min: 1, max: 8 }),
  attributes,
  protection: fc.nat(7),
});

/** What a page of an area is: everything but where its area begins and ends. */
function pageOf(area: AreaAttributes & { start: number }, address: number): string {
  const offset = area.object === undefined ? 0 : area.offset + address - area.start;
  return [area.protection, area.kind, area.shared, area.object?.id, offset].join();
}

function pagesOf(list: AreaList): Map<number, string> {
  const pages = new Map<number, string>();
  for (let index = 0; index < list.count; index++) {
    const area = list.at(index);
    for (let address = area.start; address < area.end; address += PAGE)
      pages.set(address, pageOf(area, address));
  }
  return pages;
}

describe('AreaList', () => {
  it('is a map of pages, with as few areas as possible, and counts references to objects', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40, size: 'max' }), (commands) => {
        let references = 0;
        const counter = {
          retain: () => {
            references++;
          },
          release: () => {
            references--;
          },
        };
        const fingerprint = new MemoryFingerprint();
        const list = new AreaList(counter, fingerprint, 1);
        const model = new Map<number, string>();
        const raw = new Map<number, { attributes: AreaAttributes; start: number }>();
        for (const each of commands) {
          const start = each.start * PAGE;
          const end = start + each.pages * PAGE;
          const range = [...Array(each.pages).keys()].map((page) => start + page * PAGE);
          const before = list.count;
          const cuts = list.cutsNeeded(start, end);
          if (each.what === 'insert') {
            if (list.overlaps(start, end)) {
              expect(range.some((address) => model.has(address))).toBe(true);
              continue;
            }
            list.insert(start, end, each.attributes);
            for (const address of range) raw.set(address, { attributes: each.attributes, start });
          } else if (each.what === 'remove') {
            list.remove(start, end);
            for (const address of range) raw.delete(address);
            expect(list.count).toBeLessThanOrEqual(before + cuts);
          } else {
            list.protect(start, end, each.protection);
            for (const address of range) {
              const page = raw.get(address);
              const { protection } = each;
              if (page !== undefined)
                raw.set(address, { ...page, attributes: { ...page.attributes, protection } });
            }
          }
          model.clear();
          for (const [address, page] of raw)
            model.set(address, pageOf({ ...page.attributes, start: page.start }, address));
          expect(pagesOf(list)).toEqual(new Map([...model].sort(([a], [b]) => a - b)));
          let objects = 0;
          for (let index = 0; index < list.count; index++) {
            const area = list.at(index);
            if (area.object !== undefined) objects++;
            if (index === 0) continue;
            const lower = list.at(index - 1);
            expect(lower.end).toBeLessThanOrEqual(area.start);
            const joinable =
              lower.end === area.start && pageOf(lower, area.start) === pageOf(area, area.start);
            expect(joinable).toBe(false);
          }
          expect(references).toBe(objects);
        }
        const rebuilt = new MemoryFingerprint();
        const copy = new AreaList(counter, rebuilt, 1);
        copy.copyFrom(list);
        expect([rebuilt.low, rebuilt.high]).toEqual([fingerprint.low, fingerprint.high]);
        list.clear();
        copy.clear();
        expect([references, fingerprint.low, fingerprint.high]).toEqual([0, 0, 0]);
      }),
    );
  });
});

describe('GapSearch', () => {
  /** The same search without any memory. */
  function highestGap(list: AreaList, length: number): number {
    let ceiling = MMAP_TOP;
    for (let index = list.count - 1; index >= -1; index--) {
      const area = index >= 0 ? list.at(index) : { start: 0, end: MMAP_MIN_ADDRESS };
      if (ceiling - Math.max(area.end, MMAP_MIN_ADDRESS) >= length) return ceiling - length;
      ceiling = Math.min(ceiling, area.start);
    }
    return -1;
  }

  it('finds what a full search finds', () => {
    const step = fc.record({
      free: fc.boolean(),
      pages: fc.integer({ min: 1, max: 6 }),
      at: fc.nat(30),
      protection: fc.nat(2),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const list = new AreaList(
          { retain: () => undefined, release: () => undefined },
          undefined,
          1,
        );
        const gaps = new GapSearch();
        for (const { free, pages, at, protection } of steps) {
          const length = pages * PAGE;
          if (free) {
            const start = MMAP_TOP + (4 - at) * PAGE;
            list.remove(start, start + length);
            gaps.freed(start + length);
            continue;
          }
          const found = gaps.find(list, length);
          expect(found).toBe(highestGap(list, length));
          const kind = AreaKind.Anonymous;
          const area = { protection, kind, shared: false, object: undefined, offset: 0 };
          list.insert(found, found + length, area);
        }
      }),
    );
  });

  it('returns -1 when nothing is large enough', () => {
    const list = new AreaList({ retain: () => undefined, release: () => undefined }, undefined, 1);
    expect(new GapSearch().find(list, MMAP_TOP)).toBe(-1);
  });
});
