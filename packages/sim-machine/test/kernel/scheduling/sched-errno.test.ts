import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { nanosleep } from '../../../src/kernel/libc/time.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import { Laboratory } from '../program-fixture.js';

const NOWHERE = 0x30000000;
const NOBODY = 99999;

/** `fifty` is the address of a word 50, `zero` of a word 0, `cpus` of a mask of CPUs 0 and 3. */
type Argument = number | 'fifty' | 'zero' | 'hundred' | 'cpus' | 'none' | 'absent' | 'sibling';

interface Row {
  readonly call: keyof typeof SyscallNumber;
  readonly args: readonly Argument[];
  readonly result: number;
  readonly why: string;
}

// sched_setscheduler(2), sched_setparam(2), sched_setaffinity(2), setpriority(2), getcpu(2), ERRORS.
// The machine has CPUs 0, 3 and 40: masks have two words.
const ROWS: readonly Row[] = [
  { call: 'sched_yield', args: [], result: 0, why: 'always' },
  { call: 'sched_setscheduler', args: [0, 1, 'fifty'], result: 0, why: 'SCHED_FIFO at 50' },
  { call: 'sched_setscheduler', args: [0, 2, 'fifty'], result: 0, why: 'SCHED_RR at 50' },
  {
    call: 'sched_setscheduler',
    args: ['sibling', 3, 'zero'],
    result: 0,
    why: 'SCHED_BATCH for another',
  },
  { call: 'sched_setscheduler', args: [0, 5, 'zero'], result: 0, why: 'SCHED_IDLE' },
  {
    call: 'sched_setscheduler',
    args: [0, 0, 'fifty'],
    result: -Errno.EINVAL,
    why: 'a priority in SCHED_OTHER',
  },
  {
    call: 'sched_setscheduler',
    args: [0, 1, 'zero'],
    result: -Errno.EINVAL,
    why: 'no priority in SCHED_FIFO',
  },
  {
    call: 'sched_setscheduler',
    args: [0, 1, 'hundred'],
    result: -Errno.EINVAL,
    why: 'priority 100',
  },
  {
    call: 'sched_setscheduler',
    args: [0, 4, 'zero'],
    result: -Errno.EINVAL,
    why: 'an unknown policy',
  },
  {
    call: 'sched_setscheduler',
    args: [0, -1, 'zero'],
    result: -Errno.EINVAL,
    why: 'a negative policy',
  },
  {
    call: 'sched_setscheduler',
    args: [-1, 0, 'zero'],
    result: -Errno.EINVAL,
    why: 'a negative tid',
  },
  { call: 'sched_setscheduler', args: [0, 0, 0], result: -Errno.EINVAL, why: 'no parameters' },
  { call: 'sched_setscheduler', args: [NOBODY, 0, 'zero'], result: -Errno.ESRCH, why: 'nobody' },
  {
    call: 'sched_setscheduler',
    args: [NOBODY, 4, 'zero'],
    result: -Errno.ESRCH,
    why: 'nobody, before the policy',
  },
  {
    call: 'sched_setscheduler',
    args: [NOBODY, 0, NOWHERE],
    result: -Errno.EFAULT,
    why: 'parameters nowhere, before nobody',
  },
  { call: 'sched_setparam', args: [0, 'zero'], result: 0, why: 'priority 0 in SCHED_OTHER' },
  {
    call: 'sched_setparam',
    args: [0, 'fifty'],
    result: -Errno.EINVAL,
    why: 'priority 50 in SCHED_OTHER',
  },
  { call: 'sched_setparam', args: [NOBODY, 'zero'], result: -Errno.ESRCH, why: 'nobody' },
  { call: 'sched_getscheduler', args: [0], result: 0, why: 'SCHED_OTHER' },
  { call: 'sched_getscheduler', args: [-1], result: -Errno.EINVAL, why: 'a negative tid' },
  { call: 'sched_getscheduler', args: [NOBODY], result: -Errno.ESRCH, why: 'nobody' },
  { call: 'sched_getparam', args: [0, 'fifty'], result: 0, why: 'itself' },
  { call: 'sched_getparam', args: [0, 0], result: -Errno.EINVAL, why: 'no parameters' },
  { call: 'sched_getparam', args: [0, NOWHERE], result: -Errno.EFAULT, why: 'parameters nowhere' },
  { call: 'sched_getparam', args: [NOBODY, 'zero'], result: -Errno.ESRCH, why: 'nobody' },
  { call: 'sched_get_priority_max', args: [1], result: 99, why: 'SCHED_FIFO' },
  { call: 'sched_get_priority_min', args: [2], result: 1, why: 'SCHED_RR' },
  { call: 'sched_get_priority_max', args: [0], result: 0, why: 'SCHED_OTHER' },
  { call: 'sched_get_priority_min', args: [4], result: -Errno.EINVAL, why: 'an unknown policy' },
  { call: 'setpriority', args: [0, 0, 5], result: 0, why: 'itself' },
  { call: 'setpriority', args: [0, 'sibling', -20], result: 0, why: 'another thread' },
  { call: 'setpriority', args: [1, 0, 5], result: 0, why: 'its group' },
  { call: 'setpriority', args: [2, 0, 500], result: 0, why: 'its user, out of range' },
  { call: 'setpriority', args: [3, 0, 5], result: -Errno.EINVAL, why: 'an unknown kind' },
  { call: 'setpriority', args: [-1, 0, 5], result: -Errno.EINVAL, why: 'a negative kind' },
  { call: 'setpriority', args: [0, NOBODY, 5], result: -Errno.ESRCH, why: 'nobody' },
  { call: 'setpriority', args: [1, NOBODY, 5], result: -Errno.ESRCH, why: 'no such group' },
  { call: 'getpriority', args: [0, 0], result: 20, why: 'nice 0' },
  { call: 'getpriority', args: [4, 0], result: -Errno.EINVAL, why: 'an unknown kind' },
  { call: 'getpriority', args: [0, NOBODY], result: -Errno.ESRCH, why: 'nobody' },
  { call: 'getcpu', args: [0, 0], result: 0, why: 'nothing asked for' },
  { call: 'getcpu', args: [NOWHERE, 0], result: -Errno.EFAULT, why: 'a CPU nowhere' },
  { call: 'getcpu', args: ['zero', NOWHERE], result: -Errno.EFAULT, why: 'a node nowhere' },
  { call: 'sched_setaffinity', args: [0, 8, 'cpus'], result: 0, why: 'CPUs 0 and 3' },
  { call: 'sched_setaffinity', args: [0, 1, 'cpus'], result: 0, why: 'a mask of one byte' },
  { call: 'sched_setaffinity', args: [0, 64, 'cpus'], result: 0, why: 'a mask longer than needed' },
  { call: 'sched_setaffinity', args: [0, 8, 'none'], result: -Errno.EINVAL, why: 'no CPU' },
  {
    call: 'sched_setaffinity',
    args: [0, 8, 'absent'],
    result: -Errno.EINVAL,
    why: 'CPUs that are not possible',
  },
  {
    call: 'sched_setaffinity',
    args: [0, 0, 'cpus'],
    result: -Errno.EINVAL,
    why: 'a mask of no bytes',
  },
  {
    call: 'sched_setaffinity',
    args: [0, 8, NOWHERE],
    result: -Errno.EFAULT,
    why: 'a mask nowhere',
  },
  { call: 'sched_setaffinity', args: [NOBODY, 8, 'cpus'], result: -Errno.ESRCH, why: 'nobody' },
  {
    call: 'sched_setaffinity',
    args: [NOBODY, 8, 'none'],
    result: -Errno.ESRCH,
    why: 'nobody, before the mask',
  },
  { call: 'sched_getaffinity', args: [0, 8, 'none'], result: 8, why: 'a mask that fits' },
  { call: 'sched_getaffinity', args: [0, 64, 'none'], result: 8, why: 'a mask longer than needed' },
  {
    call: 'sched_getaffinity',
    args: [0, 4, 'none'],
    result: -Errno.EINVAL,
    why: 'a mask that is too short',
  },
  { call: 'sched_getaffinity', args: [0, 9, 'none'], result: -Errno.EINVAL, why: 'no whole words' },
  {
    call: 'sched_getaffinity',
    args: [0, 8, NOWHERE],
    result: -Errno.EFAULT,
    why: 'a mask nowhere',
  },
  { call: 'sched_getaffinity', args: [NOBODY, 8, 'none'], result: -Errno.ESRCH, why: 'nobody' },
];

describe('the system calls on scheduling', () => {
  it.each(ROWS)('$call returns $result for $why', ({ call, args, result }) => {
    const lab = new Laboratory({ cpus: { cpus: [0, 3, 40] } });
    const sibling = lab.spawn((t) => nanosleep(t, 1_000_000));
    const mask = (...words: readonly number[]): number => {
      const address = lab.process.allocate(64);
      for (const [index, word] of words.entries()) lab.process.write32(address + 4 * index, word);
      return address;
    };
    const places = {
      fifty: lab.word(50),
      zero: lab.word(0),
      hundred: lab.word(100),
      cpus: mask(0b1001),
      none: mask(0),
      absent: mask(0b0110, 1),
      sibling: lab.machine.threads.tid[sibling.id]!,
    };
    const words = args.map((arg) => (typeof arg === 'number' ? arg : places[arg]));
    let returned = NaN;
    lab.spawn(function* caller(t) {
      returned = yield* t.syscall(SyscallNumber[call], ...words);
    });
    lab.finish();
    expect(returned).toBe(result);
  });
});
