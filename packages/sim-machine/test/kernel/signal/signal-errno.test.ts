import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { MachineError } from '../../../src/base/machine-error.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import { Laboratory } from '../program-fixture.js';

const UNMAPPED = 0x30000000;

/** What stands for an argument: a number, or a place in memory. */
type Argument =
  | number
  | 'zeros'
  | 'unmapped'
  | 'pid'
  | 'tid'
  | 'badHandler'
  | 'smallStack'
  | 'badFlags'
  | 'userInfo'
  | 'queueInfo'
  | 'negativeTime'
  | 'noTime';

interface Row {
  readonly call: keyof typeof SyscallNumber;
  readonly name: string;
  readonly args: readonly Argument[];
  readonly result: number;
}

const { EINVAL, EFAULT, ESRCH, EPERM, ENOMEM, EAGAIN } = Errno;

// The ERRORS sections of sigaction(2), sigprocmask(2), sigpending(2), sigsuspend(2), sigtimedwait(2),
// kill(2), tkill(2), rt_sigqueueinfo(2), sigaltstack(2).
const ROWS: readonly Row[] = [
  { call: 'rt_sigaction', name: 'signal 0', args: [0, 'zeros', 0, 8], result: -EINVAL },
  { call: 'rt_sigaction', name: 'signal 65', args: [65, 'zeros', 0, 8], result: -EINVAL },
  { call: 'rt_sigaction', name: 'SIGKILL', args: [9, 'zeros', 0, 8], result: -EINVAL },
  { call: 'rt_sigaction', name: 'SIGSTOP', args: [19, 'zeros', 0, 8], result: -EINVAL },
  {
    call: 'rt_sigaction',
    name: 'SIGKILL without a new action',
    args: [9, 0, 'zeros', 8],
    result: 0,
  },
  { call: 'rt_sigaction', name: 'another set size', args: [10, 'zeros', 0, 4], result: -EINVAL },
  {
    call: 'rt_sigaction',
    name: 'an unmapped action',
    args: [10, 'unmapped', 0, 8],
    result: -EFAULT,
  },
  {
    call: 'rt_sigaction',
    name: 'an unmapped old action',
    args: [10, 0, 'unmapped', 8],
    result: -EFAULT,
  },
  {
    call: 'rt_sigaction',
    name: 'a handler that is none',
    args: [10, 'badHandler', 0, 8],
    result: -EFAULT,
  },
  { call: 'rt_sigaction', name: 'the default action', args: [10, 'zeros', 'zeros', 8], result: 0 },
  {
    call: 'rt_sigprocmask',
    name: 'another way to combine',
    args: [3, 'zeros', 0, 8],
    result: -EINVAL,
  },
  { call: 'rt_sigprocmask', name: 'another way to combine nothing', args: [3, 0, 0, 8], result: 0 },
  { call: 'rt_sigprocmask', name: 'another set size', args: [0, 'zeros', 0, 4], result: -EINVAL },
  { call: 'rt_sigprocmask', name: 'an unmapped set', args: [0, 'unmapped', 0, 8], result: -EFAULT },
  {
    call: 'rt_sigprocmask',
    name: 'an unmapped old set',
    args: [0, 0, 'unmapped', 8],
    result: -EFAULT,
  },
  { call: 'rt_sigpending', name: 'too large a set', args: ['zeros', 16], result: -EINVAL },
  { call: 'rt_sigpending', name: 'an unmapped set', args: ['unmapped', 8], result: -EFAULT },
  { call: 'rt_sigsuspend', name: 'another set size', args: ['zeros', 4], result: -EINVAL },
  { call: 'rt_sigsuspend', name: 'an unmapped set', args: ['unmapped', 8], result: -EFAULT },
  {
    call: 'rt_sigtimedwait',
    name: 'another set size',
    args: ['zeros', 0, 'noTime', 4],
    result: -EINVAL,
  },
  {
    call: 'rt_sigtimedwait',
    name: 'an unmapped set',
    args: ['unmapped', 0, 'noTime', 8],
    result: -EFAULT,
  },
  {
    call: 'rt_sigtimedwait',
    name: 'an unmapped timeout',
    args: ['zeros', 0, 'unmapped', 8],
    result: -EFAULT,
  },
  {
    call: 'rt_sigtimedwait',
    name: 'a negative timeout',
    args: ['zeros', 0, 'negativeTime', 8],
    result: -EINVAL,
  },
  {
    call: 'rt_sigtimedwait',
    name: 'no time, nothing pending',
    args: ['zeros', 0, 'noTime', 8],
    result: -EAGAIN,
  },
  { call: 'kill', name: 'signal 65', args: ['pid', 65], result: -EINVAL },
  { call: 'kill', name: 'signal -1', args: ['pid', -1], result: -EINVAL },
  { call: 'kill', name: 'no such process', args: [4711, 10], result: -ESRCH },
  { call: 'kill', name: 'no such group', args: [-4711, 10], result: -ESRCH },
  { call: 'kill', name: 'all others, of which there are none', args: [-1, 10], result: -ESRCH },
  { call: 'kill', name: 'signal 0: only whether it exists', args: ['pid', 0], result: 0 },
  { call: 'kill', name: 'signal 0 to the own group', args: [0, 0], result: 0 },
  { call: 'tkill', name: 'tid 0', args: [0, 10], result: -EINVAL },
  { call: 'tkill', name: 'signal 65', args: ['tid', 65], result: -EINVAL },
  { call: 'tkill', name: 'no such thread', args: [4711, 10], result: -ESRCH },
  { call: 'tkill', name: 'signal 0', args: ['tid', 0], result: 0 },
  { call: 'tgkill', name: 'pid 0', args: [0, 'tid', 10], result: -EINVAL },
  { call: 'tgkill', name: 'tid -1', args: ['pid', -1, 10], result: -EINVAL },
  { call: 'tgkill', name: 'a thread of another process', args: [4711, 'tid', 10], result: -ESRCH },
  { call: 'tgkill', name: 'signal 65', args: ['pid', 'tid', 65], result: -EINVAL },
  { call: 'tgkill', name: 'signal 0', args: ['pid', 'tid', 0], result: 0 },
  {
    call: 'rt_sigqueueinfo',
    name: 'an unmapped siginfo',
    args: ['pid', 10, 'unmapped'],
    result: -EFAULT,
  },
  {
    call: 'rt_sigqueueinfo',
    name: 'no such process',
    args: [4711, 10, 'queueInfo'],
    result: -ESRCH,
  },
  {
    call: 'rt_sigqueueinfo',
    name: 'the code of kill, to another',
    args: [4711, 10, 'userInfo'],
    result: -EPERM,
  },
  { call: 'rt_sigqueueinfo', name: 'signal 65', args: ['pid', 65, 'queueInfo'], result: -EINVAL },
  { call: 'rt_sigqueueinfo', name: 'signal 0', args: ['pid', 0, 'queueInfo'], result: 0 },
  { call: 'sigaltstack', name: 'an unmapped stack_t', args: ['unmapped', 0], result: -EFAULT },
  { call: 'sigaltstack', name: 'an unmapped old stack_t', args: [0, 'unmapped'], result: -EFAULT },
  {
    call: 'sigaltstack',
    name: 'a stack that is too small',
    args: ['smallStack', 0],
    result: -ENOMEM,
  },
  { call: 'sigaltstack', name: 'unknown flags', args: ['badFlags', 0], result: -EINVAL },
];

describe('the system calls of signals', () => {
  it.each(ROWS)('$call returns $result for $name', ({ call, args, result }) => {
    const lab = new Laboratory({ cpus: 1 });
    const block = (...words: number[]): number => {
      const address = lab.process.allocate(128);
      for (const [i, word] of words.entries()) lab.process.write32(address + i * 4, word);
      return address;
    };
    const places: Record<Exclude<Argument, number>, number> = {
      zeros: block(),
      unmapped: UNMAPPED,
      pid: lab.process.pid,
      tid: lab.process.pid,
      badHandler: block(5),
      smallStack: block(0x1000000, 0, 2047),
      badFlags: block(0x1000000, 7, 4096),
      userInfo: block(10, 0, 0),
      queueInfo: block(10, 0, -1),
      negativeTime: block(-1, 0),
      noTime: block(0, 0),
    };
    const numbers = args.map((arg) => (typeof arg === 'number' ? arg : places[arg]));
    const got = lab.run((t) =>
      t.syscall(SyscallNumber[call], numbers[0], numbers[1], numbers[2], numbers[3]),
    );
    expect(got).toBe(result);
  });
});

describe('a full queue of signals', () => {
  it('refuses further real-time signals with -EAGAIN, and takes all others', () => {
    const lab = new Laboratory({ cpus: 1 });
    const set = lab.process.allocate(8);
    lab.process.write32(set, -1);
    lab.process.write32(set + 4, -1);
    const results = lab.run(function* (t) {
      yield* t.syscall(SyscallNumber.rt_sigprocmask, 0, set, 0, 8);
      const tid = yield* t.syscall(SyscallNumber.gettid);
      const got: number[] = [];
      for (let i = 0; i < 66; i++) got.push(yield* t.syscall(SyscallNumber.tkill, tid, 40));
      got.push(yield* t.syscall(SyscallNumber.tkill, tid, 10));
      return got;
    });
    expect(results.slice(0, 64).every((result) => result === 0)).toBe(true);
    expect(results.slice(64)).toEqual([-EAGAIN, -EAGAIN, 0]);
  });
});

describe('Process.kill', () => {
  const code = (action: () => void): string => {
    try {
      action();
    } catch (error) {
      if (error instanceof MachineError) return error.code;
    }
    return 'none';
  };

  it('refuses numbers that are no signal', () => {
    const lab = new Laboratory({ cpus: 1 });
    expect(code(() => lab.process.kill(0))).toBe('ERR_CONFIG');
    expect(code(() => lab.process.kill(65))).toBe('ERR_CONFIG');
  });

  it('refuses a process that has exited', () => {
    const lab = new Laboratory({ cpus: 1 });
    lab.run(function* () {});
    expect(code(() => lab.process.kill(9))).toBe('ERR_STATE');
  });
});
