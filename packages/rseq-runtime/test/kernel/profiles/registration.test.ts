import { describe, expect, it } from 'vitest';
import { Errno, SignalNumber, SyscallNumber, munmap } from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqOffset } from '../../../src/kernel/rseq-abi.js';
import { RSEQ_PROFILES } from '../../../src/kernel/profiles/rseq-profiles.js';
import type { RseqProfile } from '../../../src/kernel/profiles/rseq-profiles.js';
import { HandMachine } from '../../hand-machine.js';

const { EBUSY, EFAULT, EINVAL, EPERM } = Errno;
const AREA = 0x10000000;
const KERNEL = 0x80000000 | 0;
const UNMAPPED = 0x30000000;
const SIGNATURE = RSEQ_SIGNATURE;

type Arguments = readonly [area: number, length: number, flags: number, signature: number];
type Expected = Readonly<Record<RseqProfile, number>>;

function sysRseq(t: Thread, args: Arguments): Operation<number> {
  return t.syscall(SyscallNumber.rseq, ...args);
}

/**
 * Makes calls of sys_rseq in a thread without a registration, in memory full of 0x55 but for rseq_cs,
 * which is as given.
 */
function call(
  profile: RseqProfile,
  calls: readonly Arguments[],
  stale = 0,
): [HandMachine, number[]] {
  const hand = new HandMachine({ profile, autoRegister: false });
  hand.process.allocate(4096);
  for (let offset = 0; offset < 256; offset += 4)
    hand.process.write32(AREA + offset, (offset & 24) === 8 ? stale : 0x55);
  const results: number[] = [];
  hand.process.spawn(function* caller(t) {
    for (const args of calls) results.push(yield* sysRseq(t, args));
  });
  hand.finish();
  return [hand, results];
}

const all = (value: number): Expected => ({
  'rfc-2017': value,
  'v4.18': value,
  'v6.1': value,
  'v6.18': value,
  'v6.19': value,
  'v7.1': value,
});

/** Kernels whose areas have a fixed length. */
const BEFORE_6_3 = { 'rfc-2017': -EINVAL, 'v4.18': -EINVAL, 'v6.1': -EINVAL } as const;

/** Kernels that take longer areas, aligned to 32. */
const SINCE_6_3 = { 'v6.18': 0, 'v6.19': 0 } as const;

const ok = (area: number, length: number): Arguments => [area, length, 0, SIGNATURE];

const REGISTERING: readonly (readonly [what: string, args: Arguments, expected: Expected])[] = [
  ['32 bytes aligned to 32', ok(AREA + 32, 32), all(0)],
  ['32 bytes aligned to 16', ok(AREA + 16, 32), all(-EINVAL)],
  ['0 bytes', ok(AREA, 0), all(-EINVAL)],
  ['28 bytes, what is in use', ok(AREA, 28), all(-EINVAL)],
  ['31 bytes', ok(AREA, 31), all(-EINVAL)],
  ['33 bytes aligned to 32', ok(AREA + 32, 33), { ...all(-EINVAL), ...SINCE_6_3 }],
  ['33 bytes aligned to 64', ok(AREA, 33), { ...all(-EINVAL), ...SINCE_6_3, 'v7.1': 0 }],
  ['33 bytes aligned to 16', ok(AREA + 16, 33), all(-EINVAL)],
  ['64 bytes aligned to 64', ok(AREA, 64), { ...all(-EINVAL), ...SINCE_6_3, 'v7.1': 0 }],
  ['64 bytes aligned to 32', ok(AREA + 32, 64), { ...all(-EINVAL), ...SINCE_6_3 }],
  ['2^31 bytes', ok(AREA, KERNEL), { ...all(-EFAULT), ...BEFORE_6_3 }],
  ['SLICE_EXT_DEFAULT_ON', [AREA, 32, 2, SIGNATURE], { ...all(-EINVAL), 'v7.1': 0 }],
  ['an unknown flag', [AREA, 32, 4, SIGNATURE], all(-EINVAL)],
  ['the highest flag', [AREA, 32, KERNEL, SIGNATURE], all(-EINVAL)],
  ['kernel memory', ok(KERNEL, 32), all(-EFAULT)],
  [
    'an area that ends in kernel memory',
    ok(0x7fffffe0, 64),
    { ...all(-EINVAL), 'v6.18': -EFAULT, 'v6.19': -EFAULT },
  ],
  ['kernel memory, not aligned: alignment comes first', ok(KERNEL + 4, 32), all(-EINVAL)],
  ['a null pointer', ok(0, 32), { ...all(-EFAULT), 'rfc-2017': 0, 'v4.18': 0 }],
  ['memory that is not mapped', ok(UNMAPPED, 32), { ...all(-EFAULT), 'rfc-2017': 0, 'v4.18': 0 }],
];

const FIRST: Arguments = [AREA, 32, 0, SIGNATURE];

/** With {@link FIRST} registered; the same in every profile, except for the known flag. */
const AGAIN: readonly (readonly [what: string, args: Arguments, expected: Expected])[] = [
  ['registering: the same', FIRST, all(-EBUSY)],
  ['registering: another area', [AREA + 64, 32, 0, SIGNATURE], all(-EINVAL)],
  ['registering: another length', [AREA, 64, 0, SIGNATURE], all(-EINVAL)],
  ['registering: another signature', [AREA, 32, 0, 1], all(-EPERM)],
  ['registering: another area and signature', [AREA + 64, 32, 0, 1], all(-EINVAL)],
  ['registering: flag 2', [AREA, 32, 2, SIGNATURE], { ...all(-EINVAL), 'v7.1': -EBUSY }],
  ['unregistering: the same', [AREA, 32, 1, SIGNATURE], all(0)],
  ['unregistering: flag 2', [AREA, 32, 3, SIGNATURE], all(-EINVAL)],
  ['unregistering: another area', [AREA + 64, 32, 1, SIGNATURE], all(-EINVAL)],
  ['unregistering: another length', [AREA, 64, 1, SIGNATURE], all(-EINVAL)],
  ['unregistering: another signature', [AREA, 32, 1, 1], all(-EPERM)],
  ['unregistering: another length and signature', [AREA, 64, 1, 1], all(-EINVAL)],
];

describe.each(RSEQ_PROFILES)('sys_rseq of %s', (profile) => {
  it.each(REGISTERING)('registers %s or says why not', (_what, args, expected) => {
    const [hand, [result]] = call(profile, [args]);
    // What was accepted without a look is fatal before the result is seen.
    const isFatal = expected[profile] === 0 && args[0] === UNMAPPED;
    expect(result).toBe(isFatal ? undefined : expected[profile]);
    expect(hand.process.exitStatus).toBe(isFatal ? SignalNumber.SIGSEGV : 0);
  });

  it.each(AGAIN)('with a registration there, %s', (_what, args, expected) => {
    const [, results] = call(profile, [FIRST, args]);
    expect(results).toEqual([0, expected[profile]]);
  });

  it('unregisters nothing where nothing is registered: -EINVAL', () => {
    const [, results] = call(profile, [
      [AREA, 32, 1, SIGNATURE],
      [0, 0, 1, 0],
    ]);
    expect(results).toEqual([-EINVAL, -EINVAL]);
  });

  it('has the ids in place before the thread is in user mode, and stale fields cleared', () => {
    const hand = new HandMachine({ profile, autoRegister: false }, { cpus: { cpus: 4, nodes: 2 } });
    hand.process.allocate(4096);
    for (let offset = 0; offset < 64; offset += 4) hand.process.write32(AREA + offset, 0x55);
    hand.process.write32(AREA + RseqOffset.rseqCs, 0);
    hand.process.write32(AREA + RseqOffset.rseqCsHigh, 0);
    const words: number[] = [];
    hand.process.spawn(
      function* caller(t) {
        yield* sysRseq(t, FIRST);
        for (let at = 0; at < 32; at += 4) words.push(yield* t.load(AREA + at));
      },
      { cpu: 3 },
    );
    hand.finish();
    const early = [3, 3, 0, 0, 0x55, 0x55, 0x55, 0x55];
    const late = [3, 3, 0, 0, profile === 'v7.1' ? 0 : 0x55, 1, 0, 0x55];
    expect(words).toEqual(profile in BEFORE_6_3 ? early : late);
  });

  it('clears a stale rseq_cs, from v6.1 on; before, it is followed and fatal', () => {
    const [hand, results] = call(profile, [FIRST], 0x55);
    if (profile === 'rfc-2017' || profile === 'v4.18') {
      expect(hand.process.exitStatus).toBe(SignalNumber.SIGSEGV);
      expect(results).toEqual([]);
    } else {
      expect(results).toEqual([0]);
      expect(hand.fields(AREA)).toMatchObject({ rseqCs: 0, rseqCsHigh: 0 });
    }
  });

  it('leaves cpu_id_start 0, cpu_id -1, and node_id and mm_cid 0 when it unregisters', () => {
    const [hand, results] = call(profile, [FIRST, [AREA, 32, 1, SIGNATURE]]);
    expect(results).toEqual([0, 0]);
    const hasNode = !(profile in BEFORE_6_3);
    expect(hand.ids(AREA)).toEqual({
      cpuIdStart: 0,
      cpuId: -1,
      nodeId: hasNode ? 0 : 0x55,
      mmCid: hasNode ? 0 : 0x55,
    });
  });

  it('may register again what it unregistered', () => {
    const [, results] = call(profile, [FIRST, [AREA, 32, 1, SIGNATURE], FIRST, FIRST]);
    expect(results).toEqual([0, 0, 0, -EBUSY]);
  });

  it('cannot unregister what it cannot write: -EFAULT, since v6.19 SIGSEGV as well', () => {
    const hand = new HandMachine({ profile, autoRegister: false });
    hand.process.allocate(8192);
    const area = AREA + 4096;
    const results: number[] = [];
    hand.process.spawn(function* caller(t) {
      results.push(yield* sysRseq(t, [area, 32, 0, SIGNATURE]));
      results.push(yield* munmap(t, area, 4096));
      results.push(yield* sysRseq(t, [area, 32, 1, SIGNATURE]));
      results.push(yield* sysRseq(t, [area, 32, 0, SIGNATURE]));
    });
    hand.finish();
    const kills = ['v6.19', 'v7.1'].includes(profile);
    expect(results).toEqual(kills ? [0, 0] : [0, 0, -EFAULT, -EBUSY]);
    expect(hand.process.exitStatus).toBe(kills ? SignalNumber.SIGSEGV : 0);
  });
});

describe('the C library', () => {
  it('stores -2 in cpu_id when its registration fails', () => {
    const hand = new HandMachine({ areaLength: 48 });
    hand.process.spawn(function* idle(t) {
      yield* t.fence();
    });
    expect(hand.ids(hand.areaOf(0))).toMatchObject({ cpuIdStart: 0, cpuId: -2 });
  });
});
