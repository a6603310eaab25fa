/**
 * Numbers of system calls that Linux never merged. They had none that lasted; these are this
 * laboratory's own, in a range that x86-64 does not use.
 */
export const LabSyscallNumber = {
  getcpu_cache: 500,
  cpu_opv: 501,
  bpf_on_cpu: 502,
  ebpf_on_cpu: 503,
} as const;

/** One of {@link LabSyscallNumber}. */
export type LabSyscallNumber = (typeof LabSyscallNumber)[keyof typeof LabSyscallNumber];
