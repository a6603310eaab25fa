import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PartRegistry } from '../../../../src/search/states/together/part-registry.js';

describe('a registry of parts', () => {
  it('gives the same words the same number, whoever brings them', () => {
    const words = fc.array(fc.integer({ min: -1, max: 1 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1), words), { maxLength: 40 }), (bringings) => {
        const memory = PartRegistry.memory();
        const registries = [new PartRegistry(memory), new PartRegistry(memory)];
        const numbers = new Map<string, number>();
        for (const [who, brought] of bringings) {
          const id = registries[who]!.intern(brought, [who, ...brought]);
          const name = brought.join();
          if (!numbers.has(name)) numbers.set(name, id);
          expect(id).toBe(numbers.get(name));
          expect([...registries[1 - who]!.words(id)]).toEqual(brought);
          expect([...registries[1 - who]!.extra(id)].slice(1)).toEqual(brought);
        }
        expect(new Set(numbers.values()).size).toBe(numbers.size);
      }),
      { numRuns: 20 },
    );
  });

  it('has the same numbers when it has grown', () => {
    const memory = PartRegistry.memory();
    const registry = new PartRegistry(memory);
    const id = registry.intern([1, 2, 3], [4]);
    for (let i = 0; !registry.isNearlyFull; i++) registry.intern([i], new Int32Array(1 << 14));
    const larger = PartRegistry.grown(memory);
    registry.moveTo(larger);
    expect(registry.isNearlyFull).toBe(false);
    expect(registry.intern([1, 2, 3])).toBe(id);
    expect([...registry.words(id), ...registry.extra(id)]).toEqual([1, 2, 3, 4]);
  });
});
