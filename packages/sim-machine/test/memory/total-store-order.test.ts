import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateArena } from '../../src/base/state-arena.js';
import { FenceKind, MemoryOrder } from '../../src/memory/memory-port.js';
import { PhysicalMemory } from '../../src/memory/physical-memory.js';
import { TotalStoreOrder } from '../../src/memory/total-store-order.js';
import { PAGE } from './fixture.js';

const { Plain, Acquire, Release } = MemoryOrder;
const X = PAGE;
const Y = PAGE + 64;

interface Machine {
  readonly arena: StateArena;
  readonly memory: PhysicalMemory;
  readonly model: TotalStoreOrder;
  readonly load: (cpu: number, physical: number, size?: number) => number;
  readonly store: (
    cpu: number,
    physical: number,
    value: number,
    size?: number,
    high?: number,
  ) => void;
}

function createMachine(capacity = 8): Machine {
  const arena = new StateArena();
  const memory = new PhysicalMemory({ sizeBytes: 4 * PAGE });
  const model = new TotalStoreOrder(memory, arena, 2, capacity);
  return {
    arena,
    memory,
    model,
    load: (cpu, physical, size = 4) => model.load(cpu, physical, size, Plain),
    store: (cpu, physical, value, size = 4, high = 0) => {
      model.store(cpu, cpu, physical, size, value, high, Plain);
    },
  };
}

describe('TotalStoreOrder', () => {
  it('lets both CPUs of a store-buffering test read the old values', () => {
    const { load, store } = createMachine();
    store(0, X, 1);
    store(1, Y, 1);
    expect([load(0, Y), load(1, X)]).toEqual([0, 0]);
  });

  it('does not let them after full fences', () => {
    const { load, store, model } = createMachine();
    store(0, X, 1);
    model.fence(0, FenceKind.Full);
    store(1, Y, 1);
    model.fence(1, FenceKind.Full);
    expect([load(0, Y), load(1, X)]).toEqual([1, 1]);
  });

  it.each([FenceKind.Read, FenceKind.Write])('does not drain at fence kind %d', (kind) => {
    const { store, model } = createMachine();
    store(0, X, 1);
    model.fence(0, kind);
    expect(model.pendingStores(0)).toBe(1);
  });

  it('does not drain at a release store or an acquire load', () => {
    const { store, model } = createMachine();
    store(0, X, 1);
    model.store(0, 0, Y, 4, 1, 0, Release);
    model.load(0, X + 128, 4, Acquire);
    expect(model.pendingStores(0)).toBe(2);
  });

  it('drains before an atomic', () => {
    const { store, model, memory } = createMachine();
    store(0, X, 1);
    model.beginAtomic(0);
    expect([model.pendingStores(0), memory.read(X, 4)]).toEqual([0, 1]);
  });

  it('makes stores visible in the order of execution, one at a time', () => {
    const { store, load, model } = createMachine();
    store(0, X, 1);
    store(0, Y, 2);
    store(0, X, 3);
    const seen: number[][] = [];
    do seen.push([load(1, X), load(1, Y)]);
    while (model.drainOne(0, 0));
    expect(seen).toEqual([
      [0, 0],
      [1, 0],
      [1, 2],
      [3, 2],
    ]);
    expect(model.drainOne(0, 0)).toBe(false);
  });

  it('drains only the CPU that is meant', () => {
    const { store, model } = createMachine();
    store(0, X, 1);
    store(1, Y, 1);
    model.drainAll(0);
    expect([model.pendingStores(0), model.pendingStores(1)]).toEqual([0, 1]);
  });

  it('forwards the youngest store that covers a load, at any size and place inside', () => {
    const { store, load, model } = createMachine();
    store(0, X, 0x11111111);
    store(0, X, 0x44332211, 8, -0x77889aac);
    expect([load(0, X), load(0, X + 4)]).toEqual([0x44332211, 0x88776554 | 0]);
    expect([load(0, X + 3, 1), load(0, X + 3, 2), load(0, X + 3, 4)]).toEqual([
      0x44, 0x5444, 0x77655444,
    ]);
    expect([load(0, X, 8), model.high]).toEqual([0x44332211, 0x88776554 | 0]);
    expect(load(1, X)).toBe(0);
    expect(model.pendingStores(0)).toBe(2);
  });

  it('lets a load that is covered only in part wait for that store and all before it', () => {
    const { store, load, model } = createMachine();
    store(0, Y, 9);
    store(0, X, 0xab, 1);
    store(0, Y, 10);
    expect(load(0, X)).toBe(0xab);
    expect(model.pendingStores(0)).toBe(1);
    expect(load(1, Y)).toBe(9);
  });

  it('makes room for a store by making the oldest one visible', () => {
    const { store, load, model } = createMachine(2);
    store(0, X, 1);
    store(0, X, 2);
    store(0, X, 3);
    expect([model.pendingStores(0), load(1, X)]).toEqual([2, 1]);
  });

  it('drains whoever has a store to a frame, and nobody else', () => {
    const { store, model } = createMachine();
    store(0, 2 * PAGE, 1);
    store(0, X, 1);
    store(1, X, 1);
    model.drainFrame(2);
    expect([model.pendingStores(0), model.pendingStores(1)]).toEqual([0, 1]);
  });

  it('tells who stored when a store becomes visible', () => {
    const { store, model } = createMachine();
    const seen: number[][] = [];
    model.storeObserver = { storeVisible: (...event) => seen.push(event) };
    model.store(1, 7, X, 4, 5, 0, Plain);
    store(0, Y, 6, 2);
    expect(seen).toEqual([]);
    model.drainAll(1);
    model.drainOne(0, 0);
    expect(seen).toEqual([
      [X, 4, 5, 1, 7],
      [Y, 2, 6, 0, 0],
    ]);
  });

  it('holds nothing after the arena is reset, and equal buffers are equal words', () => {
    const { store, model, arena } = createMachine(4);
    store(0, X, 1);
    store(0, Y, 2);
    model.drainOne(0, 0);
    const words = [model.buffers.physical(0, 0), model.buffers.low(0, 0)];
    expect(words).toEqual([Y, 2]);
    expect([1, 2, 3].map((index) => model.buffers.physical(0, index))).toEqual([0, 0, 0]);
    arena.reset();
    expect([model.pendingStores(0), model.buffers.total]).toEqual([0, 0]);
  });

  it.each([0, 65, 1.5])('refuses a buffer of %d entries with ERR_CONFIG', (capacity) => {
    expect(() => createMachine(capacity)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
  });

  it('shows each CPU its own stores, and all CPUs one order of stores', () => {
    const step = fc.oneof(
      fc.record({
        what: fc.constant('store' as const),
        cpu: fc.nat(1),
        at: fc.nat(12),
        size: fc.constantFrom(1, 2, 4, 8),
        low: fc.integer(),
        high: fc.integer(),
      }),
      fc.record({
        what: fc.constant('load' as const),
        cpu: fc.nat(1),
        at: fc.nat(12),
        size: fc.constantFrom(1, 2, 4, 8),
      }),
      fc.record({ what: fc.constant('drain' as const), cpu: fc.nat(1) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const { memory, model } = createMachine(6);
        const visible = new Uint8Array(32);
        const buffers: { at: number; bytes: number[] }[][] = [[], []];
        /** What the CPU must see: memory with its own buffered stores on top. */
        const view = (cpu: number): Uint8Array => {
          const bytes = Uint8Array.from(visible);
          for (const entry of buffers[cpu]!) bytes.set(entry.bytes, entry.at);
          return bytes;
        };
        /** Follows what the model has drained meanwhile. */
        const follow = (): void => {
          buffers.forEach((buffer, cpu) => {
            while (buffer.length > model.pendingStores(cpu)) {
              const { at, bytes } = buffer.shift()!;
              visible.set(bytes, at);
            }
          });
          expect([...memory.bytes.subarray(X, X + 32)]).toEqual([...visible]);
        };
        for (const each of steps) {
          if (each.what === 'drain') {
            const before = model.pendingStores(each.cpu);
            expect(model.drainOne(each.cpu, 0)).toBe(before > 0);
          } else if (each.what === 'store') {
            const { cpu, at, size, low, high } = each;
            const value = new DataView(new ArrayBuffer(8));
            value.setInt32(0, low, true);
            value.setInt32(4, high, true);
            const bytes = [...new Uint8Array(value.buffer, 0, size)];
            if (buffers[cpu]!.length === 6)
              visible.set(buffers[cpu]![0]!.bytes, buffers[cpu]!.shift()!.at);
            model.store(cpu, cpu, X + at, size, low, high, Plain);
            buffers[cpu]!.push({ at, bytes });
          } else {
            const expected = new DataView(view(each.cpu).buffer);
            const low = model.load(each.cpu, X + each.at, each.size, Plain);
            if (each.size === 1) expect(low).toBe(expected.getUint8(each.at));
            else if (each.size === 2) expect(low).toBe(expected.getUint16(each.at, true));
            else expect(low).toBe(expected.getInt32(each.at, true));
            if (each.size === 8) expect(model.high).toBe(expected.getInt32(each.at + 4, true));
          }
          follow();
        }
      }),
    );
  });
});
