import { SyscallNumber } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { syscallName, syscallText } from '../../src/trace/syscall-text.js';

describe('a system call in a trace', () => {
  it('shows as many arguments as it takes', () => {
    expect(syscallText(SyscallNumber.exit, [3, 1, 2, 3, 4, 5])).toBe('exit(3)');
    expect(syscallText(SyscallNumber.sched_yield, [3, 1, 2, 3, 4, 5])).toBe('sched_yield()');
  });

  it('shows arguments up to the last that is not 0, where their number varies', () => {
    expect(syscallText(SyscallNumber.futex, [0x10000000, 0, 1, 0, 0, 0])).toBe(
      'futex(0x10000000, 0, 1)',
    );
    expect(syscallText(SyscallNumber.futex, [8, 0, 0, 0, 9, 0])).toBe('futex(8, 0, 0, 0, 9)');
  });

  it('is named by its number when nobody knows it', () => {
    expect(syscallName(9999)).toBe('syscall 9999');
  });
});
