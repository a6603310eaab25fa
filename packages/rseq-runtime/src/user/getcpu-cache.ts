import type { Operation, Thread } from '@rseqlab/sim-machine';
import { GetcpuCacheCommand } from '../kernel/getcpu-cache/getcpu-cache-abi.js';
import { LabSyscallNumber } from '../kernel/lab-syscall-number.js';

/** Where the pointer of the call lies: 8 bytes of the red zone, which signal frames leave alone. */
const POINTER_OFFSET = 16;

/**
 * Sets the word that the kernel keeps the thread's CPU number in.
 *
 * @param cache its address, aligned to 4; it has to stay mapped as long as the thread lives
 * @returns 0; -EINVAL; -EBUSY when the thread has another; -EFAULT; -ENOSYS where the kernel lacks it
 */
export function* setGetcpuCache(t: Thread, cache: number): Operation<number> {
  const pointer = t.stackPointer - POINTER_OFFSET;
  yield* t.store(pointer, cache);
  yield* t.store(pointer + 4, 0);
  return yield* t.syscall(LabSyscallNumber.getcpu_cache, GetcpuCacheCommand.SET, pointer, 0);
}

/** The address of the thread's cache, or a negative errno: -ENOENT when none is set, -ENOSYS. */
export function* getGetcpuCache(t: Thread): Operation<number> {
  const pointer = t.stackPointer - POINTER_OFFSET;
  const { GET } = GetcpuCacheCommand;
  const result = yield* t.syscall(LabSyscallNumber.getcpu_cache, GET, pointer, 0);
  return result < 0 ? result : yield* t.load(pointer);
}
