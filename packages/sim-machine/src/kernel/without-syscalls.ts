import { Errno } from '../base/errno.js';
import { MachineError } from '../base/machine-error.js';
import type { KernelModule } from './kernel-module.js';
import { SyscallNumber } from './syscalls/syscall-number.js';
import type { SyscallName } from './syscalls/syscall-number.js';

/**
 * A kernel that was built without some system calls: each is `-ENOSYS`.
 *
 * It has to stand behind modules that bring one of them, such as in `[rseq(), withoutSyscalls(...)]`.
 *
 * @param names as in {@link SyscallNumber}
 * @throws MachineError `ERR_CONFIG` for a name that is none
 */
export function withoutSyscalls(...names: readonly SyscallName[]): KernelModule {
  for (const name of names)
    if (!Object.hasOwn(SyscallNumber, name))
      throw new MachineError(
        'ERR_CONFIG',
        `expected names of system calls, such as membarrier, got "${name}"`,
      );
  return {
    name: `without(${names.join(', ')})`,
    attach(kernel) {
      for (const name of names) kernel.registerSyscall(SyscallNumber[name], () => -Errno.ENOSYS);
      return {};
    },
  };
}
