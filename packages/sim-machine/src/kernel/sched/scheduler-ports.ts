/** What placement and balancing have to know of the rest of the kernel. */
export interface SchedulerPorts {
  /** Whether the affinity mask of the thread contains the CPU. */
  cpuAllowed(thread: number, cpu: number): boolean;
  /** Whether the CPU takes threads. */
  isOnline(cpu: number): boolean;
  /** The thread that runs on the CPU, or -1 when it idles. */
  currentOf(cpu: number): number;
  /** The NUMA node of a possible CPU. */
  nodeOf(cpu: number): number;
}
