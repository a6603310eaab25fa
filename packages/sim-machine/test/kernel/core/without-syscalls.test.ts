import { describe, expect, it } from 'vitest';
import { membarrier } from '../../../src/kernel/libc/membarrier.js';
import { getpid } from '../../../src/kernel/libc/processes.js';
import { MembarrierCommand } from '../../../src/kernel/membarrier/membarrier-command.js';
import type { SyscallName } from '../../../src/kernel/syscalls/syscall-number.js';
import { withoutSyscalls } from '../../../src/kernel/without-syscalls.js';
import { Machine } from '../../../src/machine.js';
import { TimedDirector } from '../../../src/director/timed-director.js';

describe('a kernel without some system calls', () => {
  it('returns -ENOSYS from these and from no other', () => {
    const kernel = [withoutSyscalls('membarrier')];
    const machine = new Machine({ kernel }, new TimedDirector());
    const results: number[] = [];
    machine.createProcess('main').spawn(function* caller(t) {
      results.push(yield* membarrier(t, MembarrierCommand.Query), yield* getpid(t));
    });
    machine.run();
    expect(results[0]).toBe(-38);
    expect(results[1]).toBeGreaterThan(0);
  });

  it('is another configuration than one with them', () => {
    const describe = (...names: SyscallName[]) =>
      new Machine({ kernel: [withoutSyscalls(...names)] }, new TimedDirector()).description;
    expect(describe('membarrier')).not.toBe(describe('futex'));
  });

  it('refuses a name that is none', () => {
    expect(() => withoutSyscalls('membarriers' as SyscallName)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG' }),
    );
  });
});
