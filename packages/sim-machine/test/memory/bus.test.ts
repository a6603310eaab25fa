import { describe, expect, it } from 'vitest';
import { AccessKind } from '../../src/memory/access-kind.js';
import { FaultOutcome } from '../../src/memory/fault-outcome.js';
import { Protection } from '../../src/memory/mapping-flags.js';
import { FenceKind, MemoryOrder } from '../../src/memory/memory-port.js';
import { USER_END } from '../../src/memory/user-layout.js';
import { createFixture, type Fixture, mapPages, PAGE, PRIVATE, READ } from './fixture.js';

const { Minor, SegvAccErr, SegvMapErr, OutOfMemory } = FaultOutcome;
const { Plain, Acquire, Release } = MemoryOrder;

/** A process with two pages between holes, running on CPU 1 as thread 3. */
function createProcess(
  options: Parameters<typeof createFixture>[0] = {},
): Fixture & { at: number } {
  const fixture = createFixture(options);
  const space = fixture.memory.spaces.create();
  const at = space.mmap(0x20000000, 2 * PAGE, Protection.Read | Protection.Write, PRIVATE);
  fixture.memory.bus.enter(1, 3, space);
  return { ...fixture, at };
}

describe('Bus', () => {
  it('knows the CPU and its clock', () => {
    const { memory } = createProcess();
    expect([memory.bus.cpu(), memory.bus.clock(), memory.bus.thread]).toEqual([1, 1001, 3]);
  });

  it.each([
    ['an unmapped page', 0x30000000, SegvMapErr, 1],
    ['the null page', 0, SegvMapErr, 1],
    ['the last byte of the address space', -1, SegvMapErr, 1],
    ['the kernel', USER_END | 0, SegvMapErr, 1],
  ])('faults at %s', (_where, address, outcome, code) => {
    const { memory, faults } = createProcess();
    memory.bus.load(address, 1, Plain);
    expect(memory.bus.fault).toBe(outcome);
    memory.bus.store(address, 1, 0, 0, Plain);
    expect(memory.bus.fault).toBe(outcome);
    memory.bus.compareExchange(address, 0, 1);
    expect(memory.bus.fault).toBe(outcome);
    const unsigned = address >>> 0;
    const last = ['segv', unsigned, code];
    expect(faults.log).toEqual([last, last, last]);
  });

  it.each([
    ['no access', 0, [SegvAccErr, SegvAccErr]],
    ['reading', 1, [0, SegvAccErr]],
    ['writing, which allows reading', 2, [0, 0]],
    ['executing, which allows reading', 4, [0, SegvAccErr]],
  ])('honours a protection that allows %s', (_what, protection, expected) => {
    const { memory } = createFixture();
    const space = memory.spaces.create();
    const at = space.mmap(0, PAGE, protection, PRIVATE);
    memory.bus.enter(0, 0, space);
    memory.bus.load(at, 4, Plain);
    const loading = memory.bus.fault;
    memory.bus.store(at, 4, 1, 0, Plain);
    expect([loading, memory.bus.fault]).toEqual(expected);
  });

  it('makes zeros on demand: shared when read, a frame when written', () => {
    const { memory, faults, at } = createProcess();
    expect(memory.bus.load(at + 4, 4, Plain)).toBe(0);
    expect(memory.physical.frames.used).toBe(0);
    memory.bus.store(at + 4, 4, 1, 0, Plain);
    memory.bus.store(at + 8, 4, 1, 0, Plain);
    expect(memory.physical.frames.used).toBe(1);
    expect(faults.log).toEqual([
      ['minor', at + 4, Minor],
      ['minor', at + 4, Minor],
    ]);
  });

  it('reports when memory is used up, and goes on when there is some again', () => {
    const { memory, faults } = createFixture({ sizeBytes: 7 * PAGE });
    const space = memory.spaces.create();
    const at = mapPages(space, 4);
    memory.bus.enter(0, 0, space);
    for (const page of [0, 1]) memory.bus.store(at + page * PAGE, 4, 1, 0, Plain);
    memory.bus.store(at + 2 * PAGE, 4, 1, 0, Plain);
    expect(memory.bus.fault).toBe(OutOfMemory);
    expect(faults.log.at(-1)).toEqual(['oom', at + 2 * PAGE]);
    space.madvise(at, PAGE, 4);
    memory.bus.store(at + 2 * PAGE, 4, 1, 0, Plain);
    expect(memory.bus.fault).toBe(0);
  });

  it('sets fault back to 0 at the next access that completes', () => {
    const { memory, at } = createProcess();
    memory.bus.load(0, 4, Plain);
    expect(memory.bus.fault).not.toBe(0);
    memory.bus.load(at, 4, Plain);
    expect(memory.bus.fault).toBe(0);
  });

  describe.each(['sc', 'tso'] as const)('under %s', (model) => {
    it('accesses across a page boundary', () => {
      const { memory, at } = createProcess({ model });
      const { bus } = memory;
      const across = at + PAGE - 3;
      bus.store(across, 8, 0x44332211, 0x08070605, Plain);
      expect([bus.load(across, 8, Plain), bus.high]).toEqual([0x44332211, 0x08070605]);
      expect([bus.load(across, 4, Plain), bus.load(across + 2, 2, Plain)]).toEqual([
        0x44332211, 0x4433,
      ]);
      expect(bus.fetchAdd(across + 1, 1)).toBe(0x05443322);
      expect(bus.load(across + 1, 4, Plain)).toBe(0x05443323);
    });

    it.each([
      ['the second page', 2 * PAGE - 2, 2 * PAGE],
      ['the first page', -2, -2],
    ])('does nothing at all when only %s cannot be accessed', (_which, offset, faulting) => {
      const { memory, faults, at } = createProcess({ model });
      const { bus } = memory;
      for (const page of [0, 1]) bus.store(at + page * PAGE, 1, 0, 0, Plain);
      faults.log.length = 0;
      bus.store(at + offset, 4, -1, -1, Plain);
      expect(bus.fault).toBe(SegvMapErr);
      bus.fetchOr(at + offset, -1);
      bus.load(at + offset, 8, Plain);
      bus.fence(0);
      expect(faults.log.map(([kind, address]) => [kind, address])).toEqual(
        [1, 2, 3].map(() => ['segv', at + faulting]),
      );
      expect(bus.load(at + 2 * PAGE - 2, 2, Plain)).toBe(0);
      expect(bus.load(at, 2, Plain)).toBe(0);
    });

    it('does what each atomic operation does', () => {
      const { memory, at } = createProcess({ model });
      const { bus } = memory;
      bus.store(at, 4, 12, 0, Plain);
      const word = (): number => bus.load(at, 4, Plain);
      expect([bus.fetchAdd(at, -20), word()]).toEqual([12, -8]);
      expect([bus.fetchAnd(at, 0xff), word()]).toEqual([-8, 0xf8]);
      expect([bus.fetchOr(at, 7), word()]).toEqual([0xf8, 0xff]);
      expect([bus.fetchXor(at, -1), word()]).toEqual([0xff, ~0xff]);
      expect([bus.exchange(at, 5), word()]).toEqual([~0xff, 5]);
      expect([bus.compareExchange(at, 4, 9), word()]).toEqual([5, 5]);
      expect([bus.compareExchange(at, 5, 9), word()]).toEqual([5, 9]);
      bus.store(at, 4, 2 ** 31 - 1, 0, Plain);
      expect([bus.fetchAdd(at, 1), word()]).toEqual([2 ** 31 - 1, -(2 ** 31)]);
    });

    it('cannot update what cannot be written, even when the comparison would fail', () => {
      const { memory } = createFixture({ model });
      const space = memory.spaces.create();
      const at = space.mmap(0, PAGE, READ, PRIVATE);
      memory.bus.enter(0, 0, space);
      memory.bus.compareExchange(at, 1, 2);
      expect(memory.bus.fault).toBe(SegvAccErr);
    });
  });
});

describe('what listens to a bus', () => {
  interface Log {
    readonly observed: unknown[][];
    readonly charged: unknown[][];
    readonly fences: unknown[][];
  }

  function listen(fixture: Fixture): Log {
    const log: Log = { observed: [], charged: [], fences: [] };
    fixture.memory.attach({
      observer: { onAccess: (...event) => log.observed.push(event) },
      fences: { onFence: (...event) => log.fences.push(event) },
      cost: {
        chargeAccess: (...event) => log.charged.push(event),
        chargeOrder: (...event) => log.charged.push(['order', ...event]),
        chargeFence: (...event) => log.charged.push(event),
        chargeClockRead: (...event) => log.charged.push(['clock', ...event]),
        chargeCpuNumberRead: (...event) => log.charged.push(['number', ...event]),
      },
    });
    return log;
  }

  it('is paid for clock and CPU number where a program reads them, not where the kernel does', () => {
    const process = createProcess();
    const { bus } = process.memory;
    const log = listen(process);
    expect([bus.clock(), bus.cpu(), bus.currentCpu]).toEqual([1001, 1, 1]);
    expect(log.charged).toEqual([
      ['clock', 1],
      ['number', 1],
    ]);
  });

  it('is told of every access that completed, and of fences', () => {
    const process = createProcess();
    const { bus, physical } = process.memory;
    const { at } = process;
    const log = listen(process);
    bus.store(at, 2, 5, 0, Release);
    bus.load(at, 1, Acquire);
    bus.fetchAdd(at, 1);
    bus.compareExchange(at, 0, 1);
    bus.load(0, 4, Plain);
    bus.fence(FenceKind.Write);
    const frame = physical.words.indexOf(6) * 4;
    const { Store, Load, Update, FailedUpdate } = AccessKind;
    expect(log.observed).toEqual([
      [Store, frame, 2, 5, 1, 3, at, Release],
      [Load, frame, 1, 5, 1, 3, at, Acquire],
      [Update, frame, 4, 5, 1, 3, at, Plain],
      [FailedUpdate, frame, 4, 6, 1, 3, at, Plain],
    ]);
    expect(log.fences).toEqual([[FenceKind.Write, 1, 3]]);
    expect(log.charged).toEqual([
      ['order', Release, 1],
      [Store, frame, 2, 1],
      ['order', Acquire, 1],
      [Load, frame, 1, 1],
      [Update, frame, 4, 1],
      [FailedUpdate, frame, 4, 1],
      [FenceKind.Write, 1],
    ]);
  });

  it('is told twice of an access that crosses pages', () => {
    const process = createProcess();
    const log = listen(process);
    process.memory.bus.store(process.at + PAGE - 1, 4, 9, 0, Plain);
    expect(log.observed.map(([kind, , size, , , , address]) => [kind, size, address])).toEqual([
      [AccessKind.Store, 1, process.at + PAGE - 1],
      [AccessKind.Store, 3, process.at + PAGE],
    ]);
  });

  it('observes a buffered store when it becomes visible, and pays when it executes', () => {
    const process = createProcess({ model: 'tso' });
    const log = listen(process);
    process.memory.bus.store(process.at, 4, 9, 0, Plain);
    expect([log.observed.length, log.charged.length]).toEqual([0, 1]);
    process.memory.model.drainAll(1);
    expect(log.observed).toHaveLength(1);
    expect(log.observed[0]!.slice(2)).toEqual([4, 9, 1, 3, -1, Plain]);
  });

  it('changes no result and no fault', () => {
    const run = (listened: boolean): unknown => {
      const process = createProcess();
      if (listened) listen(process);
      const { bus } = process.memory;
      const values = [PAGE - 2, 0, 5 * PAGE, PAGE + 8].flatMap((offset) => {
        const loaded = bus.load(process.at + offset, 4, Plain);
        bus.store(process.at + offset, 4, offset, 0, Plain);
        return [loaded, bus.fetchAdd(process.at + offset, 3), bus.fault];
      });
      return [values, process.faults.log];
    };
    expect(run(true)).toEqual(run(false));
  });
});
