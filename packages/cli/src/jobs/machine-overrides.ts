import type { MachineConfig } from '@rseqlab/sim-machine';
import type { Job } from './job.js';

/** What a job replaces of the scenario's machine. */
export function machineOverrides({ memory }: Pick<Job, 'memory'>): MachineConfig {
  return memory === undefined ? {} : { memory };
}
