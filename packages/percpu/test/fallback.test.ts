import { describe, expect, it } from 'vitest';
import { rseq } from '@rseqlab/rseq-runtime';
import type { PrimitiveFallback, PrimitiveResult } from '@rseqlab/rseq-runtime';
import { Machine, RandomDirector } from '@rseqlab/sim-machine';
import type { Process } from '@rseqlab/sim-machine';
import { PerCpuBuffer } from '../src/per-cpu-buffer.js';
import { PerCpuCopyBuffer } from '../src/per-cpu-copy-buffer.js';
import { PerCpuError } from '../src/per-cpu-error.js';
import { PerCpuList } from '../src/per-cpu-list.js';
import { PerCpuSpinLock } from '../src/per-cpu-spin-lock.js';

/** Does what the reference says at once, as a kernel with preemption off would. */
function atOnce(process: Process, calls: string[]): PrimitiveFallback {
  return function* (_t, { definition, args }): Generator<undefined, PrimitiveResult, undefined> {
    calls.push(definition.name);
    return definition.reference(
      {
        load: (address) => process.read32(address),
        store: (address, value) => {
          process.write32(address, value);
        },
      },
      args,
    );
  };
}

const SCHEDULES = 50;

describe('where some threads have rseq and others do not', () => {
  it('a fallback does what sections do not, and nothing is lost', () => {
    const calls: string[] = [];
    const make = (seed: number): RandomDirector => new RandomDirector({ seed });
    const machine = new Machine(
      { cpus: 1, kernel: [rseq()], maxThreads: 4, memoryBytes: 2 ** 22 },
      make(0),
    );
    for (let seed = 0; seed < SCHEDULES; seed++) {
      machine.reset(make(seed));
      const process = machine.createProcess('main');
      const options = { fallback: atOnce(process, calls) };
      const list = PerCpuList.create(machine, process, options);
      const lock = PerCpuSpinLock.create(machine, process, options);
      const buffer = PerCpuBuffer.create(machine, process, 3, options);
      const size = { capacity: 3, itemBytes: 4 };
      const copies = PerCpuCopyBuffer.create(machine, process, size, options);
      const sum = process.allocate(4);
      const nodes = [0, 1, 2].map(() => process.allocate(8));
      const popped: number[] = [];
      for (const node of nodes)
        process.spawn(function* worker(t) {
          // The middle one gives its registration up.
          if (node === nodes[1]) yield* t.syscall(334, t.threadPointer, 32, 1, 0x53053053);
          const own = yield* lock.lock(t);
          yield* t.store(sum, (yield* t.load(sum)) + 1);
          yield* lock.unlock(t, own);
          yield* list.push(t, node);
          yield* buffer.push(t, node);
          yield* t.store(node + 4, 7);
          yield* copies.push(t, node + 4);
          const first = yield* list.pop(t);
          if (first !== 0) yield* list.push(t, first);
          popped.push(yield* buffer.pop(t));
          yield* copies.pop(t, node + 4);
        });
      expect(machine.run({ decisions: 50_000 }).outcome, `seed ${seed}`).toBe('finished');
      expect(process.read32(sum), `seed ${seed}`).toBe(3);
      expect([...list.nodes(5)].sort(), `seed ${seed}`).toEqual([...nodes].sort());
      expect([...buffer.pointers(), ...popped.filter((one) => one !== 0)].sort()).toEqual(
        [...nodes].sort(),
      );
      expect(copies.items()).toEqual([]);
    }
    expect(new Set(calls).size).toBe(5);
    expect(calls.length).toBeGreaterThan(SCHEDULES * 7);
  });
});

describe('a structure without a fallback', () => {
  it('on a thread that is not registered throws ERR_UNREGISTERED', () => {
    const kernel = [rseq({ autoRegister: false })];
    const machine = new Machine({ cpus: 1, kernel }, new RandomDirector({ seed: 1 }));
    const process = machine.createProcess('main');
    const list = PerCpuList.create(machine, process);
    process.spawn(function* only(t) {
      yield* list.pop(t);
    });
    expect(() => machine.run()).toThrow(expect.objectContaining({ code: 'ERR_UNREGISTERED' }));
  });

  it.each([0, -1, 1.5, 1001])('has no capacity of %s: ERR_CAPACITY', (capacity) => {
    const machine = new Machine({ cpus: 1 }, new RandomDirector({ seed: 1 }));
    const process = machine.createProcess('main');
    expect(() => PerCpuBuffer.create(machine, process, capacity)).toThrow(PerCpuError);
    expect(() => PerCpuBuffer.create(machine, process, capacity)).toThrow(
      expect.objectContaining({ code: 'ERR_CAPACITY' }),
    );
    expect(() => PerCpuCopyBuffer.create(machine, process, { capacity, itemBytes: 4 })).toThrow(
      expect.objectContaining({ code: 'ERR_CAPACITY' }),
    );
  });
});

describe('a buffer that is full', () => {
  it('takes no more, and gives what came last first', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new RandomDirector({ seed: 1 }));
    const process = machine.createProcess('main');
    const buffer = PerCpuBuffer.create(machine, process, 2);
    const facts: unknown[] = [];
    process.spawn(function* only(t) {
      for (const pointer of [4, 8, 12]) facts.push(yield* buffer.push(t, pointer));
      for (let n = 0; n < 3; n++) facts.push(yield* buffer.pop(t));
    });
    machine.run();
    expect(facts).toEqual([true, true, false, 8, 4, 0]);
  });
});
