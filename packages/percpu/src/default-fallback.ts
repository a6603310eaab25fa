import { cpuOpvFallback } from '@rseqlab/rseq-runtime';
import type { Machine, Process } from '@rseqlab/sim-machine';
import type { PerCpuOptions } from './per-cpu-options.js';

/** Options with the default of the fallback filled in: cpu_opv where the kernel has it. */
export function withDefaultFallback(
  machine: Machine,
  process: Process,
  options: PerCpuOptions,
): PerCpuOptions {
  if (options.fallback !== undefined) return options;
  if (!machine.kernelModules.includes('cpu_opv')) return options;
  return { ...options, fallback: cpuOpvFallback(machine, process) };
}
