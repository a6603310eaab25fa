import { MachineError } from './base/machine-error.js';
import type { CostParameters } from './cpu/cost-parameters.js';
import type { CpuSelection, TopologyConfig } from './cpu/topology.js';
import { checkAllowance } from './director/event-allowance.js';
import type { EventAllowance } from './director/event-allowance.js';
import type { KernelModule } from './kernel/kernel-module.js';
import { DEFAULT_STORE_BUFFER_ENTRIES } from './memory/store-buffers.js';
import type { MemoryModelName } from './memory/create-memory-model.js';

/** What a machine is made of; everything has a default. */
export interface MachineConfig {
  /** Number of CPUs (1 to 4096), or which ids (`'0-3,8'`, `[0, 2]`), on which nodes. Default 2. */
  readonly cpus?: CpuSelection | TopologyConfig;
  /** Memory model. Default `sc`. */
  readonly memory?: MemoryModelName;
  /** Kernel modules: rseq and its relatives. Default none. */
  readonly kernel?: readonly KernelModule[];
  /** Seed of everything that is drawn at random, a 32-bit integer. Default 1. */
  readonly seed?: number;
  /** Threads that can live at once, 1 to 65536. Default 64. */
  readonly maxThreads?: number;
  /** Processes that can exist at once, 1 to 1024. Default 16. */
  readonly maxProcesses?: number;
  /** Physical memory in bytes, a multiple of 4096. Default 64 MiB. */
  readonly memoryBytes?: number;
  /** Stores that a CPU can buffer under `tso`, 1 to 64. Default 8. */
  readonly storeBufferEntries?: number;
  /** Cost parameters of a named machine, or false: every instruction takes one cycle. Default false. */
  readonly cost?: CostParameters | false;
  /** Kernel events that a searching or random director may inject. */
  readonly events?: EventAllowance;
  /** Keeps what a search needs to tell states apart. Default false. */
  readonly fingerprint?: boolean;
  /** Watches for data races and for accesses to freed memory. Default false. */
  readonly shadow?: boolean;
}

/** A configuration with every default filled in and every value checked. */
export interface CheckedConfig {
  readonly topology: TopologyConfig;
  readonly memory: MemoryModelName;
  readonly kernel: readonly KernelModule[];
  readonly seed: number;
  readonly maxThreads: number;
  readonly maxProcesses: number;
  readonly memoryBytes: number;
  readonly storeBufferEntries: number;
  readonly cost: CostParameters | false;
  readonly events: EventAllowance;
  readonly fingerprint: boolean;
  readonly shadow: boolean;
}

const DEFAULT_MEMORY_BYTES = 64 * 1024 * 1024;

const OPTIONS: Readonly<Record<keyof MachineConfig, true>> = {
  cpus: true,
  memory: true,
  kernel: true,
  seed: true,
  maxThreads: true,
  maxProcesses: true,
  memoryBytes: true,
  storeBufferEntries: true,
  cost: true,
  events: true,
  fingerprint: true,
  shadow: true,
};

/**
 * Fills in defaults and refuses what cannot be built.
 *
 * @throws MachineError `ERR_CONFIG` with what was expected and what came
 */
export function checkConfig(config: MachineConfig): CheckedConfig {
  for (const option of Object.keys(config))
    if (!Object.hasOwn(OPTIONS, option))
      throw new MachineError(
        'ERR_CONFIG',
        `expected options of a machine (${Object.keys(OPTIONS).join(', ')}), got "${option}"`,
      );
  const cpus = config.cpus ?? 2;
  const kernel = config.kernel ?? [];
  checkModules(kernel);
  return {
    topology: isTopology(cpus) ? cpus : { cpus },
    memory: config.memory ?? 'sc',
    kernel,
    seed: integer('seed', config.seed ?? 1, -0x80000000, 0xffffffff),
    maxThreads: integer('maxThreads', config.maxThreads ?? 64, 1, 65536),
    maxProcesses: integer('maxProcesses', config.maxProcesses ?? 16, 1, 1024),
    memoryBytes: config.memoryBytes ?? DEFAULT_MEMORY_BYTES,
    storeBufferEntries: integer(
      'storeBufferEntries',
      config.storeBufferEntries ?? DEFAULT_STORE_BUFFER_ENTRIES,
      1,
      64,
    ),
    cost: config.cost ?? false,
    events: checkAllowance(config.events ?? {}),
    fingerprint: config.fingerprint ?? false,
    shadow: config.shadow ?? false,
  };
}

/** Text that differs between configurations whose runs may differ; part of a replay token. */
export function describeConfig(config: CheckedConfig): string {
  const { kernel, cost, ...rest } = config;
  return JSON.stringify({
    ...rest,
    // Nothing that happens in a run depends on it.
    fingerprint: false,
    kernel: kernel.map((module) => module.name),
    cost: cost === false ? false : cost.name,
  });
}

function isTopology(cpus: CpuSelection | TopologyConfig): cpus is TopologyConfig {
  return typeof cpus === 'object' && !Array.isArray(cpus);
}

function checkModules(modules: readonly KernelModule[]): void {
  const expected = 'expected a list of kernel modules, such as [rseq()]';
  if (!Array.isArray(modules))
    throw new MachineError('ERR_CONFIG', `${expected}, got ${JSON.stringify(modules)}`);
  for (const module of modules as readonly Partial<KernelModule>[])
    if (typeof module.attach !== 'function' || typeof module.name !== 'string')
      throw new MachineError('ERR_CONFIG', `${expected}, got one without a name or attach()`);
}

function integer(name: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new MachineError(
      'ERR_CONFIG',
      `expected ${name} to be an integer from ${min} to ${max}, got ${String(value)}`,
    );
  return value;
}
