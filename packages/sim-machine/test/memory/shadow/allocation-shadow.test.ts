import { describe, expect, it } from 'vitest';
import { WatchedProcess } from './shadow-fixture.js';

/** A process whose first 256 bytes of data are an arena, with a block of 32 bytes at 64. */
function createArena(): WatchedProcess {
  const process = new WatchedProcess();
  process.shadow.allocations!.declareArena(0, process.at, 256);
  process.goto(0x400010).load(0, 1000);
  process.shadow.allocations!.allocate(0, process.at + 64, 32);
  return process;
}

describe('the allocation shadow', () => {
  it.each<[string, (p: WatchedProcess) => void]>([
    ['inside the block', (p) => p.load(0, 64).store(0, 92).store(0, 95, 1, 1)],
    ['outside of the arena', (p) => p.load(0, 256)],
    [
      'of a block that was allocated again',
      (p) => {
        p.free(64);
        p.allocate(64, 16);
        p.load(0, 76);
      },
    ],
    ['of an arena that was forgotten', (p) => p.forget(0, 256).load(0, 0).load(0, 64)],
    [
      'of another address space',
      (p) => {
        p.move(1, p.memory.spaces.fork(p.process));
        p.store(1, 0);
      },
    ],
  ])('accepts accesses %s', (_where, program) => {
    const process = createArena();
    program(process);
    expect(process.shadow.findings()).toEqual([]);
  });

  it('finds a use after free, with the places of access, free and allocation', () => {
    const process = createArena();
    process.goto(0x400020).store(0, 64);
    process.shadow.allocations!.free(2, process.at + 64);
    process.goto(0x400030).load(0, 72, 2);
    expect(process.shadow.findings()).toEqual([
      {
        finding: 'use-after-free',
        access: {
          thread: 0,
          cpu: 0,
          ip: 0x400030,
          step: 3,
          kind: 'load',
          address: process.at + 72,
          size: 2,
          kernel: false,
        },
        block: {
          start: process.at + 64,
          size: 32,
          allocated: { thread: 0, cpu: 0, ip: 0x400010, step: 1 },
          freed: { thread: 2, cpu: 2, ip: 0x400020, step: 2 },
        },
      },
    ]);
  });

  it.each<[string, (p: WatchedProcess) => void, string[]]>([
    ['behind the block', (p) => p.load(0, 96), ['out-of-bounds']],
    ['across its end', (p) => p.store(0, 94), ['out-of-bounds']],
    ['in front of it', (p) => p.load(0, 60), ['out-of-bounds']],
    ['across its start', (p) => p.load(0, 62), ['out-of-bounds']],
    ['from one block into the next', (p) => p.allocate(96, 8).load(0, 94), ['out-of-bounds']],
    [
      'to the rest of a block that was partly allocated again',
      (p) => {
        p.free(64);
        p.allocate(64, 16);
        p.load(0, 80);
      },
      ['use-after-free'],
    ],
    ['to poisoned bytes', (p) => p.poison(512, 4).load(0, 510), ['use-of-poisoned']],
    ['by an atomic', (p) => p.free(64).update(0, 64), ['use-after-free']],
    ['by the kernel', (p) => p.free(64).kernelPut(0, 64), ['use-after-free']],
    ['again and again, once', (p) => p.load(0, 0).load(0, 0).load(0, 0), ['out-of-bounds']],
  ])('finds an access %s', (_where, program, kinds) => {
    const process = createArena();
    program(process);
    expect(process.kinds).toEqual(kinds);
  });

  it('names the block that was overrun', () => {
    const process = createArena();
    process.load(0, 96);
    expect(process.shadow.findings()).toMatchObject([
      { block: { start: process.at + 64, size: 32 } },
    ]);
  });

  it('finds a second free of a block, and a free of what is no block', () => {
    const process = createArena();
    const { at, shadow } = process;
    shadow.allocations!.free(3, at + 72);
    shadow.allocations!.free(1, at + 64);
    shadow.allocations!.free(2, at + 64);
    shadow.allocations!.free(2, at + 68);
    shadow.allocations!.free(2, at + 4096);
    expect(shadow.findings()).toMatchObject([
      { finding: 'invalid-free', address: at + 72, place: { thread: 3 } },
      {
        finding: 'double-free',
        address: at + 64,
        place: { thread: 2 },
        block: { freed: { thread: 1 } },
      },
      { finding: 'invalid-free', address: at + 68 },
      { finding: 'invalid-free', address: at + 4096 },
    ]);
  });

  it('takes blocks of no bytes', () => {
    const process = createArena();
    process.shadow.allocations!.allocate(0, process.at + 128, 0);
    process.shadow.allocations!.free(0, process.at + 128);
    expect(process.shadow.findings()).toEqual([]);
  });

  it('forgets a torn-down address space, and everything at a reset', () => {
    const process = createArena();
    process.shadow.allocations!.forgetSpace(process.process.id);
    process.load(0, 0);
    expect(process.shadow.findings()).toEqual([]);
    process.shadow.allocations!.declareArena(0, process.at, 256);
    process.load(0, 0);
    expect(process.kinds).toEqual(['out-of-bounds']);
    process.shadow.reset();
    process.load(0, 0);
    expect(process.shadow.findings()).toEqual([]);
  });
});
