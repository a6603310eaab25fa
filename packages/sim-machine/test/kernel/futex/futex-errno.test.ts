import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import { Laboratory } from '../program-fixture.js';

const UNMAPPED = 0x30000000;
const KERNEL = 0x80000000 | 0;
const PRIVATE = 128;
const REALTIME = 256;

/** Names of addresses in the rows. */
type Place =
  'word' | 'second' | 'odd' | 'unmapped' | 'kernel' | 'negative' | 'tooManyNs' | 'short' | 'null';

interface Row {
  readonly name: string;
  readonly op: number;
  readonly at?: Place;
  readonly val?: number;
  readonly timeout?: Place | number;
  readonly target?: Place;
  readonly val3?: number;
  readonly result: number;
}

// The word holds 7. futex(2), ERRORS.
const ROWS: readonly Row[] = [
  { name: 'WAIT on another value', op: 0, val: 8, result: -Errno.EAGAIN },
  { name: 'WAIT on another value, private', op: 0 | PRIVATE, val: 8, result: -Errno.EAGAIN },
  { name: 'WAIT on an unaligned address', op: 0, at: 'odd', result: -Errno.EINVAL },
  { name: 'WAIT on an unmapped address', op: 0, at: 'unmapped', result: -Errno.EFAULT },
  {
    name: 'WAIT on an unmapped address, private',
    op: PRIVATE,
    at: 'unmapped',
    result: -Errno.EFAULT,
  },
  { name: 'WAIT on an address of the kernel', op: PRIVATE, at: 'kernel', result: -Errno.EFAULT },
  {
    name: 'WAIT with an unmapped timeout',
    op: 0,
    val: 7,
    timeout: 'unmapped',
    result: -Errno.EFAULT,
  },
  {
    name: 'WAIT with a negative timeout',
    op: 0,
    val: 7,
    timeout: 'negative',
    result: -Errno.EINVAL,
  },
  { name: 'WAIT with 10^9 ns', op: 0, val: 7, timeout: 'tooManyNs', result: -Errno.EINVAL },
  {
    name: 'a bad timeout comes before a bad address',
    op: 0,
    at: 'odd',
    timeout: 'unmapped',
    result: -Errno.EFAULT,
  },
  {
    name: 'another value comes before the timeout',
    op: 0,
    val: 8,
    timeout: 'short',
    result: -Errno.EAGAIN,
  },
  { name: 'WAIT until the timeout', op: 0, val: 7, timeout: 'short', result: -Errno.ETIMEDOUT },
  { name: 'WAIT with FUTEX_CLOCK_REALTIME', op: REALTIME, val: 7, result: -Errno.ENOSYS },
  { name: 'WAIT_BITSET without a bit', op: 9, val: 7, val3: 0, result: -Errno.EINVAL },
  {
    name: 'WAIT_BITSET until a time long past',
    op: 9,
    val: 7,
    timeout: 'short',
    val3: 1,
    result: -Errno.ETIMEDOUT,
  },
  {
    name: 'WAIT_BITSET until a real time long past',
    op: 9 | REALTIME,
    val: 7,
    timeout: 'short',
    val3: 1,
    result: -Errno.ETIMEDOUT,
  },
  { name: 'WAKE of nobody', op: 1, val: 1, result: 0 },
  { name: 'WAKE on an unaligned address', op: 1, at: 'odd', val: 1, result: -Errno.EINVAL },
  { name: 'WAKE on an unmapped address', op: 1, at: 'unmapped', val: 1, result: -Errno.EFAULT },
  {
    name: 'WAKE on an unmapped address, private: not looked at',
    op: 1 | PRIVATE,
    at: 'unmapped',
    val: 1,
    result: 0,
  },
  {
    name: 'WAKE on an address of the kernel, private',
    op: 1 | PRIVATE,
    at: 'kernel',
    val: 1,
    result: -Errno.EFAULT,
  },
  { name: 'WAKE ignores a timeout', op: 1, val: 1, timeout: 'unmapped', result: 0 },
  { name: 'WAKE with FUTEX_CLOCK_REALTIME', op: 1 | REALTIME, val: 1, result: -Errno.ENOSYS },
  { name: 'WAKE_BITSET without a bit', op: 10, val: 1, val3: 0, result: -Errno.EINVAL },
  {
    name: 'REQUEUE with a negative number to wake',
    op: 3,
    val: -1,
    timeout: 1,
    target: 'second',
    result: -Errno.EINVAL,
  },
  {
    name: 'REQUEUE with a negative number to move',
    op: 3,
    val: 1,
    timeout: -1,
    target: 'second',
    result: -Errno.EINVAL,
  },
  {
    name: 'REQUEUE to an unaligned address',
    op: 3,
    val: 1,
    timeout: 1,
    target: 'odd',
    result: -Errno.EINVAL,
  },
  {
    name: 'REQUEUE to an unmapped address',
    op: 3,
    val: 1,
    timeout: 1,
    target: 'unmapped',
    result: -Errno.EFAULT,
  },
  {
    name: 'CMP_REQUEUE on another value',
    op: 4,
    val: 1,
    timeout: 1,
    target: 'second',
    val3: 8,
    result: -Errno.EAGAIN,
  },
  {
    name: 'CMP_REQUEUE of nobody',
    op: 4,
    val: 1,
    timeout: 1,
    target: 'second',
    val3: 7,
    result: 0,
  },
  {
    name: 'WAKE_OP with an unknown operator',
    op: 5,
    val: 1,
    timeout: 1,
    target: 'second',
    val3: 5 << 28,
    result: -Errno.ENOSYS,
  },
  {
    name: 'WAKE_OP with an unknown comparison',
    op: 5,
    val: 1,
    timeout: 1,
    target: 'second',
    val3: 6 << 24,
    result: -Errno.ENOSYS,
  },
  {
    name: 'WAKE_OP on an unmapped second word',
    op: 5 | PRIVATE,
    val: 1,
    timeout: 1,
    target: 'unmapped',
    result: -Errno.EFAULT,
  },
  { name: 'FUTEX_FD', op: 2, result: -Errno.ENOSYS },
  { name: 'FUTEX_LOCK_PI', op: 6, result: -Errno.ENOSYS },
  { name: 'an unknown command', op: 99, result: -Errno.ENOSYS },
];

describe('futex', () => {
  it.each(ROWS)('returns $result for $name', (row) => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word(7);
    const times = lab.process.allocate(24);
    const places: Record<Place, number> = {
      word,
      second: lab.word(),
      odd: word + 2,
      unmapped: UNMAPPED,
      kernel: KERNEL,
      negative: times,
      tooManyNs: times + 8,
      short: times + 16,
      null: 0,
    };
    const words = [-1, 0, 0, 1_000_000_000, 0, 50];
    for (const [index, value] of words.entries()) lab.process.write32(times + 4 * index, value);
    const { op, at = 'word', val = 0, timeout = 'null', target = 'null', val3 = 0 } = row;
    const result = lab.run((t) =>
      t.syscall(
        SyscallNumber.futex,
        places[at],
        op,
        val,
        typeof timeout === 'number' ? timeout : places[timeout],
        places[target],
        val3,
      ),
    );
    expect(result).toBe(row.result);
  });
});
