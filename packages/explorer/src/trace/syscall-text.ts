import { SyscallNumber } from '@rseqlab/sim-machine';
import { wordText } from './word-text.js';

const NAMES = new Map(
  Object.entries(SyscallNumber).map(([name, number]) => [number as number, name]),
);

/** Arguments that are shown of a system call whether they are 0 or not. */
const FEWEST_ARGUMENTS = 3;

/** How many arguments system calls take, where the other registers are left over. */
const ARGUMENTS: Readonly<Record<number, number>> = {
  [SyscallNumber.exit]: 1,
  [SyscallNumber.exit_group]: 1,
  [SyscallNumber.sched_yield]: 0,
  [SyscallNumber.pause]: 0,
  [SyscallNumber.getpid]: 0,
  [SyscallNumber.getppid]: 0,
  [SyscallNumber.gettid]: 0,
  [SyscallNumber.rt_sigreturn]: 0,
  [SyscallNumber.brk]: 1,
  [SyscallNumber.munmap]: 2,
  [SyscallNumber.kill]: 2,
  [SyscallNumber.tkill]: 2,
  [SyscallNumber.nanosleep]: 2,
  [SyscallNumber.clock_gettime]: 2,
  [SyscallNumber.mprotect]: 3,
  [SyscallNumber.madvise]: 3,
  [SyscallNumber.tgkill]: 3,
  [SyscallNumber.getcpu]: 3,
  [SyscallNumber.membarrier]: 3,
  [SyscallNumber.sched_setaffinity]: 3,
  [SyscallNumber.sched_getaffinity]: 3,
  [SyscallNumber.rseq]: 4,
};

/** The name of a system call, such as `futex`. */
export function syscallName(number: number): string {
  return NAMES.get(number) ?? `syscall ${number}`;
}

/** A system call with its arguments, such as `exit(0)`. */
export function syscallText(number: number, args: readonly number[]): string {
  const used = args.slice(0, ARGUMENTS[number] ?? args.length);
  if (ARGUMENTS[number] === undefined)
    while (used.length > FEWEST_ARGUMENTS && used.at(-1) === 0) used.pop();
  return `${syscallName(number)}(${used.map(wordText).join(', ')})`;
}
