import { describe, expect, it } from 'vitest';
import { ScriptedDirector } from '../../../src/director/scripted-director.js';
import { TimedDirector } from '../../../src/director/timed-director.js';
import { MapFlag, Protection } from '../../../src/memory/mapping-flags.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import { Machine } from '../../../src/machine.js';

describe('shared memory', () => {
  it('is seen by every process that maps it, at its own address', () => {
    const machine = new Machine({ cpus: 2 }, new TimedDirector());
    const shared = machine.createSharedMemory(4096);
    const writer = machine.createProcess('writer');
    const reader = machine.createProcess('reader');
    const there = writer.mapShared(shared);
    reader.allocate(4);
    const here = reader.mapShared(shared);
    let seen = 0;
    writer.spawn(function* write(t) {
      yield* t.store(there + 64, 42);
    });
    reader.spawn(function* read(t) {
      seen = yield* t.waitUntilNotEqual(here + 64, 0);
    });
    expect(machine.run({ decisions: 10_000 }).outcome).toBe('finished');
    expect(seen).toBe(42);
    expect(reader.read32(here + 64)).toBe(42);
  });

  it('is read from outside though nobody maps it, untouched pages as zeros', () => {
    const machine = new Machine({ cpus: 1 }, new TimedDirector());
    const shared = machine.createSharedMemory(3 * 4096 + 8);
    const process = machine.createProcess('main');
    const at = process.mapShared(shared);
    for (const offset of [0, 4100, 3 * 4096 + 4]) process.write32(at + offset, offset + 1);
    process.unmap(at, shared.sizeBytes);
    const words = machine.readShared(shared);
    expect(words).toHaveLength(3 * 1024 + 2);
    expect([...words.entries()].filter(([, word]) => word !== 0)).toEqual([
      [0, 1],
      [1025, 4101],
      [3 * 1024 + 1, 3 * 4096 + 5],
    ]);
    machine.reset(new TimedDirector());
    expect(() => machine.readShared(shared)).toThrow(
      expect.objectContaining({ code: 'ERR_ADDRESS' }),
    );
  });

  it('can be mapped by a program, through its descriptor', () => {
    const machine = new Machine({ cpus: 1 }, new TimedDirector());
    const shared = machine.createSharedMemory(8192);
    const process = machine.createProcess('main');
    const outside = process.mapShared(shared);
    let inside = 0;
    process.spawn(function* map(t) {
      inside = yield* t.syscall(
        SyscallNumber.mmap,
        0,
        8192,
        Protection.Read | Protection.Write,
        MapFlag.Shared,
        shared.descriptor,
      );
      yield* t.store(inside, 7);
    });
    machine.run();
    expect(inside).not.toBe(outside);
    expect(process.read32(outside)).toBe(7);
  });

  it('of a run before is refused', () => {
    const director = new ScriptedDirector([]);
    const machine = new Machine({ cpus: 1 }, director);
    const shared = machine.createSharedMemory(4096);
    machine.reset(director);
    const process = machine.createProcess('main');
    expect(() => process.mapShared(shared)).toThrow(
      expect.objectContaining({ code: 'ERR_ADDRESS' }) as Error,
    );
  });
});
