import { describe, expect, it } from 'vitest';
import { Errno, Machine, RandomDirector, SyscallNumber, munmap } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import {
  RSEQ_FLAG_UNREGISTER,
  RSEQ_ORIGINAL_SIZE,
  RSEQ_SIGNATURE,
  RseqOffset,
} from '../../src/kernel/rseq-abi.js';
import { HandMachine, step } from '../hand-machine.js';

const { EBUSY, EFAULT, EINVAL, ENOSYS, EPERM } = Errno;
const AREA = 0x10000000;
const OTHER = AREA + 64;
const KERNEL = 0x80000000 | 0;
const UNMAPPED = 0x30000000;
const SIZE = RSEQ_ORIGINAL_SIZE;
const SIGNATURE = RSEQ_SIGNATURE;
const UNREGISTER = RSEQ_FLAG_UNREGISTER;

type Arguments = readonly [area: number, length: number, flags: number, signature: number];

function sysRseq(t: Thread, args: Arguments): Operation<number> {
  return t.syscall(SyscallNumber.rseq, ...args);
}

/** Calls sys_rseq in a thread without a registration, or (with `first`) with that one made before. */
function call(
  args: Arguments,
  first?: Arguments,
): { result: number; hand: HandMachine; again: number } {
  const hand = new HandMachine({ autoRegister: false });
  hand.process.allocate(4096);
  for (const area of [AREA, OTHER])
    for (let offset = 0; offset < SIZE; offset += 4) hand.process.write32(area + offset, 0x55);
  const results: number[] = [];
  hand.process.spawn(function* caller(t) {
    if (first !== undefined) expect(yield* sysRseq(t, first)).toBe(0);
    results.push(yield* sysRseq(t, args));
    results.push(yield* sysRseq(t, [AREA, SIZE, 0, SIGNATURE]));
  });
  expect(hand.finish()).toBe('finished');
  return { result: results[0]!, again: results[1]!, hand };
}

const VALID: Arguments = [AREA, SIZE, 0, SIGNATURE];

describe('sys_rseq that registers', () => {
  it.each<readonly [what: string, args: Arguments, expected: number]>([
    ['everything right', VALID, 0],
    ['any signature', [AREA, SIZE, 0, 0x1234], 0],
    ['flag 2', [AREA, SIZE, 2, SIGNATURE], -EINVAL],
    ['the highest flag', [AREA, SIZE, 0x80000000 | 0, SIGNATURE], -EINVAL],
    ['length 0', [AREA, 0, 0, SIGNATURE], -EINVAL],
    ['length 20, what is in use', [AREA, 20, 0, SIGNATURE], -EINVAL],
    ['length 31', [AREA, 31, 0, SIGNATURE], -EINVAL],
    ['length 33, which later kernels take', [AREA, 33, 0, SIGNATURE], -EINVAL],
    ['length 64', [AREA, 64, 0, SIGNATURE], -EINVAL],
    ['an area aligned to 16', [AREA + 16, SIZE, 0, SIGNATURE], -EINVAL],
    ['an area aligned to 4', [AREA + 4, SIZE, 0, SIGNATURE], -EINVAL],
    ['an area of the kernel', [KERNEL, SIZE, 0, SIGNATURE], -EFAULT],
    ['an area that is not mapped', [UNMAPPED, SIZE, 0, SIGNATURE], -EFAULT],
    ['an area in the text', [0x400000, SIZE, 0, SIGNATURE], -EFAULT],
    ['a null pointer', [0, SIZE, 0, SIGNATURE], -EFAULT],
    ['alignment is checked before the address', [KERNEL + 4, SIZE, 0, SIGNATURE], -EINVAL],
    ['length is checked before the address', [KERNEL, 31, 0, SIGNATURE], -EINVAL],
    ['flags are checked before everything', [KERNEL + 4, 31, 4, SIGNATURE], -EINVAL],
  ])('%s', (_what, args, expected) => {
    expect(call(args).result).toBe(expected);
  });

  it.each<readonly [what: string, args: Arguments, expected: number]>([
    ['the same again', VALID, -EBUSY],
    ['another area', [OTHER, SIZE, 0, SIGNATURE], -EINVAL],
    ['another length', [AREA, 64, 0, SIGNATURE], -EINVAL],
    ['another signature', [AREA, SIZE, 0, 0x1234], -EPERM],
    ['another area and signature', [OTHER, SIZE, 0, 0x1234], -EINVAL],
    ['another length and signature', [AREA, 20, 0, 0x1234], -EINVAL],
    ['an unknown flag', [AREA, SIZE, 2, SIGNATURE], -EINVAL],
    ['an area that would be refused anyway', [KERNEL + 4, SIZE, 0, SIGNATURE], -EINVAL],
  ])('while a registration is there: %s', (_what, args, expected) => {
    expect(call(args, VALID).result).toBe(expected);
  });

  it('leaves a refused area alone, and the thread free to register', () => {
    const { hand, again } = call([AREA + 16, SIZE, 0, SIGNATURE]);
    expect(again).toBe(0);
    expect(hand.process.read32(OTHER)).toBe(0x55);
  });

  it('clears a stale rseq_cs, both words, and leaves the flags', () => {
    const { hand } = call(VALID);
    expect(hand.fields(AREA)).toEqual({ cpuIdStart: 0, cpuId: 0, rseqCs: 0, rseqCsHigh: 0 });
    expect(hand.process.read32(AREA + RseqOffset.flags)).toBe(0x55);
    expect(hand.process.read32(AREA + RseqOffset.flags + 4)).toBe(0x55);
  });

  it('has the ids of the CPU in place before the thread is in user mode again', () => {
    const hand = new HandMachine({ autoRegister: false });
    hand.process.allocate(4096);
    const seen: number[] = [];
    hand.process.spawn(
      function* caller(t) {
        yield* sysRseq(t, VALID);
        seen.push(yield* t.load(AREA + RseqOffset.cpuIdStart));
        seen.push(yield* t.load(AREA + RseqOffset.cpuId));
      },
      { cpu: 2 },
    );
    hand.finish();
    expect(seen).toEqual([2, 2]);
  });

  it('is for the calling thread alone', () => {
    const hand = new HandMachine({ autoRegister: false });
    hand.process.allocate(4096);
    const results: number[] = [];
    for (const area of [AREA, OTHER])
      hand.process.spawn(function* caller(t) {
        results.push(yield* sysRseq(t, [area, SIZE, 0, SIGNATURE]));
        results.push(yield* sysRseq(t, [area, SIZE, 0, SIGNATURE]));
      });
    hand.finish();
    expect(results).toEqual([0, -EBUSY, 0, -EBUSY]);
  });
});

describe('sys_rseq that unregisters', () => {
  it.each<readonly [what: string, args: Arguments, expected: number]>([
    ['what is registered', [AREA, SIZE, UNREGISTER, SIGNATURE], 0],
    ['with another flag too', [AREA, SIZE, UNREGISTER | 2, SIGNATURE], -EINVAL],
    ['another area', [OTHER, SIZE, UNREGISTER, SIGNATURE], -EINVAL],
    ['another length', [AREA, 64, UNREGISTER, SIGNATURE], -EINVAL],
    ['another signature', [AREA, SIZE, UNREGISTER, 0x1234], -EPERM],
    ['another area and signature', [OTHER, SIZE, UNREGISTER, 0x1234], -EINVAL],
    ['another length and signature', [AREA, 64, UNREGISTER, 0x1234], -EINVAL],
    ['another flag and signature', [AREA, SIZE, UNREGISTER | 2, 0x1234], -EINVAL],
  ])('%s', (_what, args, expected) => {
    const { result, again } = call(args, VALID);
    expect(result).toBe(expected);
    expect(again).toBe(expected === 0 ? 0 : -EBUSY);
  });

  it('refuses when nothing is registered', () => {
    expect(call([AREA, SIZE, UNREGISTER, SIGNATURE]).result).toBe(-EINVAL);
    expect(call([0, SIZE, UNREGISTER, SIGNATURE]).result).toBe(-EINVAL);
  });

  it('leaves cpu_id_start 0 and cpu_id -1, and does not write them any more', () => {
    const hand = new HandMachine({ autoRegister: false });
    hand.process.allocate(4096);
    hand.process.spawn(
      function* caller(t) {
        yield* sysRseq(t, VALID);
        yield* sysRseq(t, [AREA, SIZE, UNREGISTER, SIGNATURE]);
        for (let i = 0; i < 10; i++) yield* t.fence();
      },
      { cpu: 2 },
    );
    hand.decide(...Array.from({ length: 10 }, () => step(2)));
    expect(hand.fields(AREA)).toMatchObject({ cpuIdStart: 0, cpuId: -1 });
    hand.finish();
    expect(hand.fields(AREA)).toMatchObject({ cpuIdStart: 0, cpuId: -1 });
  });

  it('is -EFAULT, and the registration stays, when the area cannot be written any more', () => {
    const hand = new HandMachine({ autoRegister: false });
    hand.process.allocate(8192);
    const results: number[] = [];
    const area = AREA + 4096;
    hand.process.spawn(function* caller(t) {
      results.push(yield* sysRseq(t, [area, SIZE, 0, SIGNATURE]));
      results.push(yield* munmap(t, area, 4096));
      results.push(yield* sysRseq(t, [area, SIZE, UNREGISTER, SIGNATURE]));
      results.push(yield* sysRseq(t, [area, SIZE, 0, SIGNATURE]));
    });
    hand.finish();
    expect(results).toEqual([0, 0, -EFAULT, -EBUSY]);
  });
});

describe('a kernel without rseq', () => {
  it('does not know the system call', () => {
    const machine = new Machine({ cpus: 1 }, new RandomDirector({ seed: 1 }));
    const process = machine.createProcess('main');
    process.allocate(4096);
    const results: number[] = [];
    process.spawn(function* caller(t) {
      results.push(yield* sysRseq(t, VALID));
    });
    machine.run();
    expect(results).toEqual([-ENOSYS]);
  });
});
