import { describe, expect, it } from 'vitest';
import { StateArena } from '../../../src/base/state-arena.js';
import { NEWEST_MOMENT } from '../../../src/memory/access-views.js';
import { FenceKind, MemoryOrder } from '../../../src/memory/memory-port.js';
import { PhysicalMemory } from '../../../src/memory/physical-memory.js';
import { WeakMemory } from '../../../src/memory/weak/weak-memory.js';
import { PAGE } from '../fixture.js';

const { Plain, Acquire, Release, Newest } = MemoryOrder;
const X = PAGE;
const Y = PAGE + 64;

/** A memory of two CPUs whose loads take the oldest value they may, or what `answers` says. */
function createWeak(options: { readonly capacity?: number; readonly idle?: number } = {}) {
  const { capacity = 8, idle = -1 } = options;
  const memory = new PhysicalMemory({ sizeBytes: 4 * PAGE, trackFingerprint: true });
  const answers: number[] = [];
  const asked: number[] = [];
  const model = new WeakMemory(memory, {
    arena: new StateArena(),
    cpus: 2,
    capacity,
    choose: (count) => {
      asked.push(count);
      return answers.shift() ?? count - 1;
    },
    occupied: (cpu) => cpu !== idle,
  });
  const store = (cpu: number, physical: number, value: number, order: MemoryOrder = Plain): void =>
    model.store(cpu, cpu, physical, 4, value, 0, order);
  /** Stores and makes it visible. */
  const write = (cpu: number, physical: number, value: number): void => {
    store(cpu, physical, value);
    model.drainOne(cpu, model.pendingStores(cpu) - 1);
  };
  const load = (cpu: number, physical: number, order: MemoryOrder = Plain): number =>
    model.load(cpu, physical, 4, order);
  const drainable = (cpu: number): number[] =>
    Array.from({ length: model.pendingStores(cpu) }, (_, index) => index).filter((index) =>
      model.mayDrain(cpu, index),
    );
  const state = (): number[] => {
    const words: number[] = [];
    model.addState((word) => words.push(word));
    return words;
  };
  return { memory, model, answers, asked, store, write, load, drainable, state };
}

describe('buffered stores', () => {
  it('become visible in any order', () => {
    const { model, memory, store, drainable } = createWeak();
    store(0, X, 1);
    store(0, Y, 2);
    expect(drainable(0)).toEqual([0, 1]);
    expect(model.drainOne(0, 1)).toBe(true);
    expect([memory.read(X, 4), memory.read(Y, 4)]).toEqual([0, 2]);
  });

  it('wait for older ones to the same bytes', () => {
    const { model, store, drainable } = createWeak();
    store(0, X, 1);
    model.store(0, 0, X + 2, 2, 5, 0, Plain);
    store(0, Y, 2);
    expect(drainable(0)).toEqual([0, 2]);
    expect(model.drainOne(0, 1)).toBe(false);
  });

  it('wait for those before a write fence', () => {
    const { model, store, drainable } = createWeak();
    store(0, X, 1);
    model.fence(0, FenceKind.Write);
    store(0, Y, 2);
    store(0, Y + 64, 3);
    expect(drainable(0)).toEqual([0]);
    model.drainOne(0, 0);
    expect(drainable(0)).toEqual([0, 1]);
  });

  it('wait for all older ones where they release, and younger ones do not wait for these', () => {
    const { store, drainable } = createWeak();
    store(0, X, 1);
    store(0, Y, 2, Release);
    store(0, Y + 64, 3);
    expect(drainable(0)).toEqual([0, 2]);
  });

  it('are found by their own CPU first, and by no other', () => {
    const { store, load } = createWeak();
    store(0, X, 1);
    expect([load(0, X), load(1, X)]).toEqual([1, 0]);
  });
});

describe('a load', () => {
  it('finds any value since the last that its CPU has seen, the newest as answer 0', () => {
    const { model, write, load, answers, asked } = createWeak();
    for (const value of [1, 2, 3]) write(0, X, value);
    answers.push(1);
    expect([load(1, X), model.missedWrites]).toEqual([2, 1]);
    answers.push(0);
    expect([load(1, X), model.missedWrites]).toEqual([3, 0]);
    expect(load(1, X)).toBe(3);
    expect(asked).toEqual([4, 2]);
  });

  it('of the CPU that wrote does not look back', () => {
    const { write, load, asked } = createWeak();
    write(0, X, 1);
    expect(load(0, X)).toBe(1);
    expect(asked).toEqual([]);
  });

  it('of 8 bytes finds both words as they were at one moment', () => {
    const { model, answers } = createWeak();
    model.store(0, 0, X, 8, 1, 2, Plain);
    model.drainOne(0, 0);
    model.store(0, 0, X, 8, 3, 4, Plain);
    model.drainOne(0, 0);
    answers.push(1);
    expect([model.load(1, X, 8, Plain), model.high]).toEqual([1, 2]);
  });

  it('that is not aligned finds its bytes as they were', () => {
    const { model, write } = createWeak();
    write(0, X, 0x04030201);
    write(0, X + 4, 0x08070605);
    expect(model.load(1, X + 2, 4, Plain)).toBe(0);
    expect(model.load(1, X + 2, 4, Newest)).toBe(0x06050403);
    expect(model.load(1, X + 2, 2, Plain)).toBe(0x0403);
  });

  it('by the kernel finds what is there now, and asks nobody', () => {
    const { write, load, asked } = createWeak();
    write(0, X, 1);
    expect(load(1, X, Newest)).toBe(1);
    expect(asked).toEqual([]);
  });

  it('looks no further back than an acquire, a read fence or a full fence lets it', () => {
    const orders: readonly ((model: WeakMemory) => void)[] = [
      (model) => {
        model.fence(1, FenceKind.Read);
      },
      (model) => {
        model.fence(1, FenceKind.Full);
      },
      (model) => {
        model.drainAll(1);
      },
      (model) => {
        model.catchUp(1);
      },
    ];
    for (const order of orders) {
      const { model, write, load, answers } = createWeak();
      write(0, X, 1);
      write(0, Y, 1);
      answers.push(0);
      load(1, Y);
      order(model);
      expect(load(1, X)).toBe(1);
    }
    const { write, load, answers } = createWeak();
    write(0, X, 1);
    write(0, Y, 1);
    answers.push(0);
    load(1, Y, Acquire);
    expect(load(1, X)).toBe(1);
  });

  it('looks no further back than the moment of its address', () => {
    const { model, write, load, answers } = createWeak();
    write(0, X, 1);
    write(0, Y, 1);
    answers.push(0);
    load(1, Y);
    model.views.addressMoment = model.views.resultMoment;
    expect(load(1, X)).toBe(1);
  });

  it('that waits takes a value that differs, however old, and changes nothing without one', () => {
    const { model, write, load, answers, asked } = createWeak();
    for (const value of [1, 0, 2]) write(0, X, value);
    Object.assign(model.views, { awaits: true, awaited: 0 });
    answers.push(1);
    expect([load(1, X), asked]).toEqual([1, [2]]);
    Object.assign(model.views, { awaits: true, awaited: 2 });
    answers.push(2);
    expect([load(1, X), model.differs(1, X, 2, 0)]).toEqual([2, false]);
    expect([load(1, X), asked]).toEqual([2, [2, 3]]);
  });

  it('that waits may miss what only older values meet', () => {
    const { model, write, load, answers, asked } = createWeak();
    for (const value of [1, 0]) write(0, X, value);
    Object.assign(model.views, { awaits: true, awaited: 0 });
    expect(model.differs(1, X, 0, 0)).toBe(true);
    answers.push(1);
    expect([load(1, X), asked]).toEqual([0, [2]]);
    expect(model.differs(1, X, 0, 0)).toBe(false);
  });

  it('could differ where an older value does, unless only the newest counts', () => {
    const { model, write } = createWeak();
    for (const value of [1, 0]) write(0, X, value);
    expect(model.differs(1, X, 0, 0)).toBe(true);
    expect(model.differs(1, X, 0, NEWEST_MOMENT)).toBe(false);
    expect(model.differs(1, X, 1, NEWEST_MOMENT)).toBe(true);
  });
});

describe('an atomic', () => {
  it('drains, finds what is there now, and lets no later load look back', () => {
    const { model, memory, store, write, load } = createWeak();
    store(1, Y, 5);
    write(0, X, 1);
    model.beginAtomic(1);
    expect([memory.read(Y, 4), load(1, X)]).toEqual([5, 1]);
    model.writeAtomic(1, X, 4, 2);
    expect([memory.read(X, 4), load(0, X)]).toEqual([2, 1]);
  });
});

describe('what can be looked back at', () => {
  it('is as many values of a word as a buffer has entries', () => {
    const { write, load, asked } = createWeak({ capacity: 4 });
    for (let value = 1; value <= 10; value++) write(0, X, value);
    expect([load(1, X), asked]).toEqual([6, [5]]);
  });

  it('is bounded over all words too', () => {
    const { write, load } = createWeak({ capacity: 1 });
    for (let word = 0; word < 40; word++) write(0, X + word * 4, 1);
    expect([load(1, X), load(1, X + 39 * 4)]).toEqual([1, 0]);
  });

  it('is nothing where a frame is taken away: the shootdown is a fence', () => {
    const { model, write, load, store, memory } = createWeak();
    write(0, X, 1);
    store(0, Y, 1);
    model.drainFrame(X / PAGE);
    expect([load(1, X), memory.read(Y, 4)]).toEqual([1, 1]);
  });
});

describe('the state', () => {
  it('is the same however often a value came and went, once every CPU has seen it', () => {
    const { model, write, state } = createWeak();
    const before = state();
    for (const value of [1, 2, 0]) write(0, X, value);
    expect(state()).not.toEqual(before);
    model.drainAll(1);
    model.drainAll(0);
    expect(state()).toEqual(before);
  });

  it('tells how far back a CPU looks only where there is something to see', () => {
    const { write, load, state, answers } = createWeak();
    write(0, X, 1);
    const before = state();
    answers.push(1);
    load(1, X);
    expect(state()).toEqual(before);
    answers.push(0);
    load(1, X);
    expect(state()).not.toEqual(before);
  });

  it('has nothing of a CPU on which no thread runs', () => {
    const { write, state } = createWeak({ idle: 1 });
    const before = state();
    write(0, X, 1);
    write(0, X, 0);
    expect(state()).toEqual(before);
  });

  it('stays true when more words were seen than are kept apart', () => {
    const { write, load, answers } = createWeak({ capacity: 64 });
    for (let word = 0; word < 40; word++) write(0, X + word * 4, 1);
    for (let word = 0; word < 40; word++) {
      answers.push(0);
      load(1, X + word * 4);
    }
    for (let word = 0; word < 40; word++) expect(load(1, X + word * 4)).toBe(1);
  });
});

describe('a buffer of an impossible size', () => {
  it.each([0, 65, 1.5])('of %d entries is refused with ERR_CONFIG', (capacity) => {
    expect(() => createWeak({ capacity })).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
  });
});
