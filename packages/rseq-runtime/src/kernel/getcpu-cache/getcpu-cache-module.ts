import type { KernelHooks, KernelModule, KernelPort } from '@rseqlab/sim-machine';
import type { CpuNumberSource } from '../cpu-number-source.js';
import { LabSyscallNumber } from '../lab-syscall-number.js';
import { CacheRegistration } from './cache-registration.js';
import { getcpuCacheSyscall } from './getcpu-cache-syscall.js';

const SIGSEGV = 11;

/** getcpu_cache as a module, and as the source of the CPU number for others. */
export interface GetcpuCacheModule extends KernelModule, CpuNumberSource {}

/**
 * The getcpu_cache system call: a word of the thread's own that always holds the number of its CPU,
 * as a module of the simulated kernel; with or without rseq.
 *
 * The word is brought up to date before user mode goes on after a migration, and when a forked child
 * starts. A switch that does not migrate costs nothing. A word that cannot be written is SIGSEGV.
 * Children of fork inherit the cache; threads made by clone have none; exec and exit clear it.
 *
 * @source the patch series "getcpu_cache system call", February 2016 (kernel/getcpu_cache.c)
 */
export function getcpuCache(): GetcpuCacheModule {
  const registrations = new WeakMap<KernelPort, CacheRegistration>();
  return {
    name: 'getcpu_cache',
    attach(kernel) {
      const registration = new CacheRegistration(kernel.arena, kernel.threads.capacity);
      registrations.set(kernel, registration);
      return hooks(kernel, registration);
    },
    cpuNumberAddress: (kernel, thread) => registrations.get(kernel)?.address[thread] ?? 0,
  };
}

function hooks(kernel: KernelPort, registration: CacheRegistration): KernelHooks {
  const { address, isStale } = registration;
  kernel.registerSyscall(LabSyscallNumber.getcpu_cache, getcpuCacheSyscall(kernel, registration));

  const stale = (thread: number): void => {
    if (address[thread] === 0) return;
    isStale[thread] = 1;
    kernel.notifyResume(thread);
  };
  const clear = (thread: number): void => {
    registration.clear(thread);
  };
  return {
    migrated: stale,
    returnsAlone: true,
    returnToUser(thread) {
      if (isStale[thread] === 0) return;
      isStale[thread] = 0;
      kernel.user.put32(address[thread]!, kernel.threads.cpu[thread]!);
      if (kernel.user.failed) kernel.forceSignal(thread, SIGSEGV);
    },
    cloned(_parent, child) {
      clear(child);
    },
    forked(parent, child) {
      address[child] = address[parent]!;
      // The copied word says where the parent is.
      stale(child);
    },
    execed: clear,
    exited: clear,
  };
}
