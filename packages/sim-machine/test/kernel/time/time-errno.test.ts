import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import { Laboratory } from '../program-fixture.js';

const UNMAPPED = 0x30000000;
const THREAD_CPUTIME = 3;

type Argument = number | 'good' | 'negative' | 'tooManyNs' | 'unmapped';

interface Row {
  readonly call: keyof typeof SyscallNumber;
  readonly args: readonly Argument[];
  readonly result: number;
  readonly why: string;
}

// clock_gettime(2), nanosleep(2), clock_nanosleep(2), ERRORS.
const ROWS: readonly Row[] = [
  { call: 'clock_gettime', args: [0, 'good'], result: 0, why: 'CLOCK_REALTIME' },
  { call: 'clock_gettime', args: [1, 'good'], result: 0, why: 'CLOCK_MONOTONIC' },
  { call: 'clock_gettime', args: [7, 'good'], result: 0, why: 'CLOCK_BOOTTIME' },
  { call: 'clock_gettime', args: [99, 'good'], result: -Errno.EINVAL, why: 'an unknown clock' },
  { call: 'clock_gettime', args: [-1, 'good'], result: -Errno.EINVAL, why: 'a negative clock' },
  {
    call: 'clock_gettime',
    args: [99, 'unmapped'],
    result: -Errno.EINVAL,
    why: 'the clock before the address',
  },
  {
    call: 'clock_gettime',
    args: [1, 'unmapped'],
    result: -Errno.EFAULT,
    why: 'an unmapped address',
  },
  { call: 'nanosleep', args: ['good'], result: 0, why: 'a good time' },
  { call: 'nanosleep', args: ['negative'], result: -Errno.EINVAL, why: 'a negative time' },
  { call: 'nanosleep', args: ['tooManyNs'], result: -Errno.EINVAL, why: '10^9 ns' },
  { call: 'nanosleep', args: ['unmapped'], result: -Errno.EFAULT, why: 'an unmapped address' },
  {
    call: 'nanosleep',
    args: ['good', 'unmapped'],
    result: 0,
    why: 'a remainder that is not needed',
  },
  { call: 'clock_nanosleep', args: [1, 0, 'good'], result: 0, why: 'a duration' },
  { call: 'clock_nanosleep', args: [1, 1, 'good'], result: 0, why: 'a time' },
  { call: 'clock_nanosleep', args: [0, 1, 'good'], result: 0, why: 'a real time long past' },
  {
    call: 'clock_nanosleep',
    args: [THREAD_CPUTIME, 0, 'good'],
    result: -Errno.EINVAL,
    why: 'CPU time',
  },
  {
    call: 'clock_nanosleep',
    args: [4, 0, 'good'],
    result: -Errno.EINVAL,
    why: 'CLOCK_MONOTONIC_RAW',
  },
  {
    call: 'clock_nanosleep',
    args: [1, 0, 'negative'],
    result: -Errno.EINVAL,
    why: 'a negative time',
  },
  { call: 'timer_delete', args: [0], result: -Errno.EINVAL, why: 'no such timer' },
];

describe('the system calls on time', () => {
  it.each(ROWS)('$call returns $result for $why', ({ call, args, result }) => {
    const lab = new Laboratory({ cpus: 1 });
    const times = lab.process.allocate(24);
    for (const [index, value] of [0, 5000, -1, 0, 0, 1_000_000_000].entries())
      lab.process.write32(times + 4 * index, value);
    const places = { good: times, negative: times + 8, tooManyNs: times + 16, unmapped: UNMAPPED };
    const words = args.map((arg) => (typeof arg === 'number' ? arg : places[arg]));
    expect(lab.run((t) => t.syscall(SyscallNumber[call], ...words))).toBe(result);
  });
});
