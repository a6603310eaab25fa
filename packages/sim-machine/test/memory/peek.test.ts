import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateArena } from '../../src/base/state-arena.js';
import { MEMORY_MODEL_NAMES, createMemoryModel } from '../../src/memory/create-memory-model.js';
import { MemoryOrder } from '../../src/memory/memory-port.js';
import { PhysicalMemory } from '../../src/memory/physical-memory.js';

const stores = fc.array(
  fc.record({
    cpu: fc.nat(1),
    size: fc.constantFrom(1, 2, 4, 8),
    place: fc.nat(3),
    low: fc.integer(),
    high: fc.integer(),
  }),
  { maxLength: 10 },
);

describe.each(MEMORY_MODEL_NAMES)('peek under %s', (name) => {
  it('finds what a load would, and changes nothing', () => {
    let unknown = 0;
    fc.assert(
      fc.property(stores, (list) => {
        const memory = new PhysicalMemory({ sizeBytes: 2 ** 14, trackFingerprint: false });
        const model = createMemoryModel(name, memory, { arena: new StateArena(), cpus: 2 });
        for (const { cpu, size, place, low, high } of list)
          model.store(cpu, cpu, 4096 + place * 8, size, low, high, MemoryOrder.Plain);
        for (const cpu of [0, 1])
          for (let physical = 4096; physical < 4096 + 32; physical += 4) {
            const before = model.pendingStores(cpu);
            const found = model.peek(cpu, physical);
            expect(model.pendingStores(cpu)).toBe(before);
            const loaded = model.load(cpu, physical, 4, MemoryOrder.Plain);
            if (found === undefined) {
              unknown += 1;
              expect(model.pendingStores(cpu)).toBeLessThan(before);
            } else expect(found).toBe(loaded);
          }
      }),
    );
    expect(unknown > 0).toBe(name !== 'sc');
  });
});
