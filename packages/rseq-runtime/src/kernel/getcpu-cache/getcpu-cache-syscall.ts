import { Errno } from '@rseqlab/sim-machine';
import type { KernelPort, SyscallHandler } from '@rseqlab/sim-machine';
import type { CacheRegistration } from './cache-registration.js';
import { GETCPU_CACHE_ALIGN, GetcpuCacheCommand } from './getcpu-cache-abi.js';

/**
 * Makes getcpu_cache(cmd, int32_t **cache, flags). The pointer that `cache` leads to has 64 bits.
 *
 * | command | errors, in the order of the checks                                              |
 * |---------|---------------------------------------------------------------------------------|
 * | any     | -EINVAL for flags other than 0, then for an unknown command                     |
 * | GET     | -ENOENT when no cache is set; -EFAULT when the pointer cannot be stored         |
 * | SET     | -EFAULT when the pointer cannot be read; -EINVAL for a null pointer or one not  |
 * |         | aligned to 4; -EBUSY when another cache is set; -EFAULT when the CPU number     |
 * |         | cannot be written, and then no cache is set                                     |
 *
 * Setting the same cache again is 0. There is no way to unset one.
 *
 * @source the patch series "getcpu_cache system call", February 2016 (kernel/getcpu_cache.c)
 */
export function getcpuCacheSyscall(
  kernel: KernelPort,
  registration: CacheRegistration,
): SyscallHandler {
  const { user } = kernel;
  const get = (thread: number, pointer: number): number => {
    const address = registration.address[thread]!;
    if (address === 0) return -Errno.ENOENT;
    user.put32(pointer, address);
    if (!user.failed) user.put32(pointer + 4, 0);
    return user.failed ? -Errno.EFAULT : 0;
  };
  const set = (thread: number, pointer: number): number => {
    const address = user.get32(pointer);
    if (user.failed) return -Errno.EFAULT;
    const high = user.get32(pointer + 4);
    if (user.failed) return -Errno.EFAULT;
    if ((address === 0 && high === 0) || (address & (GETCPU_CACHE_ALIGN - 1)) !== 0)
      return -Errno.EINVAL;
    const present = registration.address[thread]!;
    if (present !== 0) return present === address && high === 0 ? 0 : -Errno.EBUSY;
    if (high !== 0) return -Errno.EFAULT;
    user.put32(address, kernel.threads.cpu[thread]!);
    if (user.failed) return -Errno.EFAULT;
    registration.address[thread] = address;
    return 0;
  };
  return (thread, command, pointer, flags) => {
    if (flags !== 0) return -Errno.EINVAL;
    if (command === GetcpuCacheCommand.GET) return get(thread, pointer);
    return command === GetcpuCacheCommand.SET ? set(thread, pointer) : -Errno.EINVAL;
  };
}
