import { arch, cpus, loadavg } from 'node:os';

/** What measurements are to be read with. */
export interface HostNote {
  readonly cores: number;
  readonly processor: string;
  readonly architecture: string;
  readonly node: string;
  /** Processes that wanted to run during the last minute; beyond the cores, others disturb. */
  readonly load: number;
}

/** Describes the machine that measures. */
export function hostNote(): HostNote {
  const processors = cpus();
  return {
    cores: processors.length,
    processor: processors[0]?.model.trim() ?? 'unknown',
    architecture: arch(),
    node: process.version,
    load: loadavg()[0] ?? 0,
  };
}
