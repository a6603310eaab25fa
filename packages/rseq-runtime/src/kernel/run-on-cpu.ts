import { Errno } from '@rseqlab/sim-machine';
import type { KernelPort } from '@rseqlab/sim-machine';

/**
 * Runs a piece of kernel work for the calling thread on a possible CPU with preemption off: what
 * cpu_opv and the calls that stand beside it do after their checks.
 *
 * An offline CPU cannot run anything. The work is then done where the caller is, under a lock that
 * excludes hotplug and other such callers; here a system call is one step, which is that lock.
 *
 * @returns what `work` returned, or -EINVAL when the caller may not run on the CPU
 * @source the patch series "cpu_opv", v9 to v12 (do_cpu_opv, push_task_to_cpu)
 */
export function runOnCpu(
  kernel: KernelPort,
  thread: number,
  cpu: number,
  work: () => number,
): number {
  const { threads, cpus } = kernel;
  if (!threads.allows(thread, cpu)) return -Errno.EINVAL;
  return cpus.online[cpu] === 1 ? kernel.work.runOn(thread, cpu, work) : work();
}
