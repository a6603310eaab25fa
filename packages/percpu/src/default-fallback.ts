import { cpuOpvFallback } from '@rseqlab/rseq-runtime';
import type { Machine, Process } from '@rseqlab/sim-machine';
import type { PerCpuOptions } from './per-cpu-options.js';

/**
 * Options with the default of the fallback filled in: cpu_opv where the kernel has it.
 *
 * Not by `mm_cid`: cpu_opv knows CPUs only, and cannot stand in for a section on another index.
 */
export function withDefaultFallback(
  machine: Machine,
  process: Process,
  options: PerCpuOptions,
): PerCpuOptions {
  const { fallback, index = 'cpu_id' } = options;
  if (fallback !== undefined || index !== 'cpu_id') return options;
  if (!machine.kernelModules.includes('cpu_opv')) return options;
  return { ...options, fallback: cpuOpvFallback(machine, process) };
}
