import { describe, expect, it } from 'vitest';
import { Errno, Machine, RandomDirector, munmap } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { GetcpuCacheCommand } from '../../../src/kernel/getcpu-cache/getcpu-cache-abi.js';
import { getcpuCache } from '../../../src/kernel/getcpu-cache/getcpu-cache-module.js';
import { LabSyscallNumber } from '../../../src/kernel/lab-syscall-number.js';
import { getGetcpuCache, setGetcpuCache } from '../../../src/user/getcpu-cache.js';
import { HandMachine } from '../../hand-machine.js';

const { EBUSY, EFAULT, EINVAL, ENOENT, ENOSYS } = Errno;
const { GET, SET } = GetcpuCacheCommand;
const KERNEL = 0x80000000 | 0;
const UNMAPPED = 0x30000000;
const TEXT = 0x400000;
const DATA = 0x10000000;
/** Where the pointer of the call lies. */
const POINTER = DATA;
const CACHE = DATA + 64;
const OTHER = DATA + 128;

function call(t: Thread, command: number, pointer: number, flags = 0): Operation<number> {
  return t.syscall(LabSyscallNumber.getcpu_cache, command, pointer, flags);
}

/** Runs a program alone on CPU 2 of a machine with getcpu_cache and without rseq. */
function run(body: (t: Thread, hand: HandMachine) => Operation<unknown>): HandMachine {
  const hand = new HandMachine({}, { kernel: [getcpuCache()] });
  hand.process.allocate(4096);
  hand.process.write32(CACHE, 0x55);
  hand.process.write32(OTHER, 0x55);
  hand.process.spawn((t) => body(t, hand), { cpu: 2 });
  expect(hand.finish()).toBe('finished');
  return hand;
}

/** The result of a call with `cache` behind the pointer, perhaps after the cache was set. */
function result(args: {
  readonly command?: number;
  readonly pointer?: number;
  readonly flags?: number;
  readonly cache?: number;
  readonly high?: number;
  readonly first?: number;
}): number {
  const results: number[] = [];
  run(function* caller(t, hand) {
    if (args.first !== undefined) expect(yield* setGetcpuCache(t, args.first)).toBe(0);
    hand.process.write32(POINTER, args.cache ?? CACHE);
    hand.process.write32(POINTER + 4, args.high ?? 0);
    results.push(yield* call(t, args.command ?? SET, args.pointer ?? POINTER, args.flags ?? 0));
  });
  return results[0]!;
}

describe('getcpu_cache', () => {
  it.each<readonly [what: string, args: Parameters<typeof result>[0], expected: number]>([
    ['SET of a word', {}, 0],
    ['SET of a null pointer', { cache: 0 }, -EINVAL],
    ['SET of an address aligned to 2', { cache: CACHE + 2 }, -EINVAL],
    ['SET of an address aligned to 1', { cache: CACHE + 1 }, -EINVAL],
    ['SET of an address aligned to 4', { cache: CACHE + 4 }, 0],
    ['SET of a word that is not mapped', { cache: UNMAPPED }, -EFAULT],
    ['SET of a word of the kernel', { cache: KERNEL }, -EFAULT],
    ['SET of a word that is read-only', { cache: TEXT }, -EFAULT],
    ['SET of an address of more than 32 bits', { high: 1 }, -EFAULT],
    ['SET with a pointer that is not mapped', { pointer: UNMAPPED }, -EFAULT],
    ['SET with a null pointer to the pointer', { pointer: 0 }, -EFAULT],
    ['SET of the same word again', { first: CACHE }, 0],
    ['SET of another word', { first: OTHER }, -EBUSY],
    ['SET of another word, not aligned: that first', { first: OTHER, cache: CACHE + 2 }, -EINVAL],
    ['SET of another word, not mapped: busy first', { first: OTHER, cache: UNMAPPED }, -EBUSY],
    ['SET of the same lower half of an address', { first: CACHE, high: 1 }, -EBUSY],
    ['SET with flag 1', { flags: 1 }, -EINVAL],
    ['SET with the highest flag', { flags: KERNEL }, -EINVAL],
    ['GET when none is set', { command: GET }, -ENOENT],
    ['GET when none is set, before the pointer', { command: GET, pointer: UNMAPPED }, -ENOENT],
    ['GET', { command: GET, first: CACHE }, 0],
    ['GET with a pointer that is not mapped', { command: GET, first: CACHE, pointer: 0 }, -EFAULT],
    ['GET with a read-only pointer', { command: GET, first: CACHE, pointer: TEXT }, -EFAULT],
    ['GET with flag 1, before all else', { command: GET, flags: 1 }, -EINVAL],
    ['command 2', { command: 2 }, -EINVAL],
    ['command -1', { command: -1, pointer: UNMAPPED }, -EINVAL],
  ])('%s', (_what, args, expected) => {
    expect(result(args)).toBe(expected);
  });

  it('has the CPU number in the word when SET returns', () => {
    const seen: number[] = [];
    run(function* caller(t) {
      yield* setGetcpuCache(t, CACHE);
      seen.push(yield* t.load(CACHE));
    });
    expect(seen).toEqual([2]);
  });

  it('gives back what was set, as 64 bits', () => {
    const seen: number[] = [];
    const hand = run(function* caller(t) {
      seen.push(yield* getGetcpuCache(t));
      yield* setGetcpuCache(t, CACHE);
      yield* t.store(POINTER + 4, -1);
      yield* call(t, GET, POINTER);
      seen.push(yield* getGetcpuCache(t));
    });
    expect(seen).toEqual([-ENOENT, CACHE]);
    expect(hand.process.read32(POINTER)).toBe(CACHE);
    expect(hand.process.read32(POINTER + 4)).toBe(0);
  });

  it('is rolled back when the word cannot be written, and may be set again', () => {
    const seen: number[] = [];
    run(function* caller(t) {
      seen.push(yield* setGetcpuCache(t, UNMAPPED));
      seen.push(yield* getGetcpuCache(t));
      seen.push(yield* setGetcpuCache(t, CACHE));
    });
    expect(seen).toEqual([-EFAULT, -ENOENT, 0]);
  });

  it('leaves a word alone that is set again', () => {
    const hand = run(function* caller(t) {
      yield* setGetcpuCache(t, CACHE);
      yield* t.store(CACHE, 77);
      yield* setGetcpuCache(t, CACHE);
    });
    expect(hand.process.read32(CACHE)).toBe(77);
  });

  it('kills the thread that cannot be told its new CPU', () => {
    const hand = new HandMachine({}, { kernel: [getcpuCache()] });
    hand.process.allocate(8192);
    hand.process.spawn(
      function* caller(t) {
        yield* setGetcpuCache(t, DATA + 4096);
        yield* munmap(t, DATA + 4096, 4096);
        yield* t.syscall(203, 0, 4, POINTER);
        expect.unreachable();
      },
      { cpu: 2 },
    );
    // The affinity mask of the last call: CPU 0 alone.
    hand.process.write32(POINTER, 1);
    hand.finish();
    expect(hand.process.exitStatus & 0x7f).toBe(11);
  });

  it('is not known to a kernel without it', () => {
    const machine = new Machine({ cpus: 1 }, new RandomDirector({ seed: 1 }));
    const results: number[] = [];
    machine.createProcess('main').spawn(function* caller(t) {
      results.push(yield* setGetcpuCache(t, 0), yield* getGetcpuCache(t));
    });
    machine.run();
    expect(results).toEqual([-ENOSYS, -ENOSYS]);
  });
});
