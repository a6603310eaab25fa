import { describe, expect, it } from 'vitest';
import { Errno, SignalNumber, SyscallNumber } from '@rseqlab/sim-machine';
import { RSEQ_SIGNATURE, RseqCsFlag, RseqOffset } from '../../../src/kernel/rseq-abi.js';
import type { RseqOptions } from '../../../src/kernel/rseq-options.js';
import { rseq } from '../../../src/kernel/rseq-module.js';
import {
  PR_RSEQ_SLICE_EXTENSION,
  PR_RSEQ_SLICE_EXTENSION_GET,
  PR_RSEQ_SLICE_EXTENSION_SET,
} from '../../../src/kernel/slice/slice-abi.js';
import { HandMachine } from '../../hand-machine.js';
import { KERNELS } from '../kernels.js';

const { EFAULT, EINVAL, ENOSYS, ENOTSUPP, ENXIO } = Errno;
const AREA = 0x10000000;
const OP = PR_RSEQ_SLICE_EXTENSION;
const GET = PR_RSEQ_SLICE_EXTENSION_GET;
const SET = PR_RSEQ_SLICE_EXTENSION_SET;
const AVAILABLE = RseqCsFlag.SliceExtAvailable;
const ENABLED = RseqCsFlag.SliceExtEnabled;

type Arguments = readonly number[];

/** What a thread calls: prctl, sys_rseq, or a store to the flags of its area. */
type Step =
  | readonly ['prctl', ...args: Arguments]
  | readonly ['rseq', ...args: Arguments]
  | readonly ['yield']
  | readonly ['flags', value: number];

/** The results of steps in a thread without a registration, and the flags at the end. */
function take(steps: readonly Step[], options: RseqOptions = { profile: 'v7.1' }): unknown {
  const hand = new HandMachine({ ...options, autoRegister: false });
  hand.process.allocate(4096);
  const results: number[] = [];
  hand.process.spawn(function* caller(t) {
    for (const [what, ...args] of steps)
      if (what === 'flags') yield* t.store(AREA + RseqOffset.flags, args[0]!);
      else if (what === 'yield') results.push(yield* t.syscall(SyscallNumber.rseq_slice_yield));
      else results.push(yield* t.syscall(SyscallNumber[what], ...args));
  });
  hand.finish();
  const { exitStatus } = hand.process;
  return { results, flags: hand.process.read32(AREA + RseqOffset.flags), exitStatus };
}

const NEW: Step = ['rseq', AREA, 33, 0, RSEQ_SIGNATURE];
const ON: Step = ['rseq', AREA, 33, 2, RSEQ_SIGNATURE];
const LEGACY: Step = ['rseq', AREA, 32, 2, RSEQ_SIGNATURE];

describe('prctl(PR_RSEQ_SLICE_EXTENSION)', () => {
  it.each<readonly [what: string, steps: readonly Step[], results: Arguments, flags: number]>([
    ['is off after a registration', [NEW, ['prctl', OP, GET, 0, 0, 0]], [0, 0], AVAILABLE],
    ['is on with DEFAULT_ON', [ON, ['prctl', OP, GET, 0, 0, 0]], [0, 1], AVAILABLE | ENABLED],
    [
      'is turned on and off',
      [NEW, ['prctl', OP, SET, 1, 0, 0], ['prctl', OP, GET, 0, 0, 0], ['prctl', OP, SET, 0, 0, 0]],
      [0, 0, 1, 0],
      AVAILABLE,
    ],
    [
      'may be turned on twice',
      [NEW, ['prctl', OP, SET, 1, 0, 0], ['prctl', OP, SET, 1, 0, 0]],
      [0, 0, 0],
      AVAILABLE | ENABLED,
    ],
    [
      'is lost by unregistering',
      [ON, ['rseq', AREA, 33, 1, RSEQ_SIGNATURE], ['prctl', OP, GET, 0, 0, 0]],
      [0, 0, 0],
      AVAILABLE | ENABLED,
    ],
    ['another operation', [NEW, ['prctl', 78, SET, 1, 0, 0]], [0, -EINVAL], AVAILABLE],
    ['another sub-command', [NEW, ['prctl', OP, 3, 1, 0, 0]], [0, -EINVAL], AVAILABLE],
    ['sub-command 0', [NEW, ['prctl', OP, 0, 0, 0, 0]], [0, -EINVAL], AVAILABLE],
    ['reading with a value', [NEW, ['prctl', OP, GET, 1, 0, 0]], [0, -EINVAL], AVAILABLE],
    ['an unknown value', [NEW, ['prctl', OP, SET, 2, 0, 0]], [0, -EINVAL], AVAILABLE],
    ['a fourth argument', [NEW, ['prctl', OP, SET, 1, 1, 0]], [0, -EINVAL], AVAILABLE],
    ['a fifth argument', [NEW, ['prctl', OP, SET, 1, 0, 1]], [0, -EINVAL], AVAILABLE],
    ['setting without a registration', [['prctl', OP, SET, 1, 0, 0]], [-ENXIO], 0],
    ['a bad value without a registration', [['prctl', OP, SET, 4, 0, 0]], [-EINVAL], 0],
    ['reading without a registration', [['prctl', OP, GET, 0, 0, 0]], [0], 0],
    ['an original area', [LEGACY, ['prctl', OP, SET, 1, 0, 0]], [0, -ENOTSUPP], 0],
    ['an original area, which stays off', [LEGACY, ['prctl', OP, GET, 0, 0, 0]], [0, 0], 0],
    ['rseq_slice_yield with nothing granted', [ON, ['yield']], [0, 0], AVAILABLE | ENABLED],
  ])('%s', (_what, steps, results, flags) => {
    expect(take(steps)).toEqual({ results, flags, exitStatus: 0 });
  });

  it.each([0, ENABLED, 7])('with flags changed to %i is SIGSEGV', (flags) => {
    const found = take([NEW, ['flags', flags], ['prctl', OP, SET, 1, 0, 0]]);
    expect(found).toEqual({ results: [0], flags, exitStatus: SignalNumber.SIGSEGV });
    expect(-EFAULT).toBe(-14);
  });

  it('with a flag taken away that says enabled is SIGSEGV', () => {
    const found = take([ON, ['flags', AVAILABLE], ['prctl', OP, SET, 0, 0, 0]]);
    expect(found).toMatchObject({ results: [0], exitStatus: SignalNumber.SIGSEGV });
  });

  it.each(KERNELS.filter(({ options }) => options.profile !== 'v7.1'))(
    'and rseq_slice_yield are not there under $name',
    ({ options }) => {
      expect(take([['prctl', OP, SET, 1, 0, 0], ['yield']], options)).toMatchObject({
        results: [-ENOSYS, -ENOSYS],
      });
    },
  );

  it.each([4999, 50_001, 5000.5, Number.NaN])('cannot have slices of %d ns: ERR_SLICE', (ns) => {
    expect(() => rseq({ profile: 'v7.1', sliceExtensionNs: ns })).toThrow(
      expect.objectContaining({ code: 'ERR_SLICE' }),
    );
  });
});
