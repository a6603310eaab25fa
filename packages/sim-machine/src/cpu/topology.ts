import { MachineError } from '../base/machine-error.js';
import { CpuMask, MAX_CPUS } from './cpu-mask.js';

/** Most NUMA nodes: one a CPU. */
const MAX_NODES = MAX_CPUS;

/** CPUs in a configuration: how many (from 0 on), a list such as `0-3,8`, or their numbers. */
export type CpuSelection = number | string | readonly number[];

/** Which CPUs a machine has and how they are grouped. */
export interface TopologyConfig {
  /** CPUs that can ever exist; 1 by default. */
  readonly cpus?: CpuSelection;
  /** CPUs that are plugged in; all possible ones by default. */
  readonly present?: CpuSelection;
  /** CPUs that run at the start; all present ones by default. */
  readonly online?: CpuSelection;
  /**
   * NUMA nodes: how many, the possible CPUs being dealt out to them in equal runs, or the CPUs of
   * each. One by default.
   */
  readonly nodes?: number | readonly CpuSelection[];
}

/**
 * The CPUs and NUMA nodes of a machine, checked; never changes.
 *
 * Invariant: online is within present, present within possible, and every possible CPU is in
 * exactly one node.
 *
 * @source Documentation/core-api/cpu_hotplug.rst (the masks)
 */
export class Topology {
  /** CPUs that can ever exist. */
  readonly possible: CpuMask;
  /** CPUs that are plugged in at the start. */
  readonly present: CpuMask;
  /** CPUs that run at the start; at least one. */
  readonly online: CpuMask;
  /** The ids in {@link online}, ascending. */
  readonly onlineCpus: readonly number[];
  /** Possible CPU numbers, ascending. */
  readonly cpus: readonly number[];
  /** One more than the highest possible CPU number. */
  readonly cpuLimit: number;
  /** Possible CPUs of each node. */
  readonly nodes: readonly CpuMask[];
  readonly #nodeOf: Int32Array;

  /**
   * @throws MachineError ERR_CONFIG when the configuration is impossible; the message says what
   * was expected and what came
   */
  constructor(config: TopologyConfig = {}) {
    this.possible = select(config.cpus ?? 1);
    if (this.possible.isEmpty) throw configError('at least 1 CPU', '0 CPUs');
    this.present = config.present === undefined ? this.possible : select(config.present);
    this.online = config.online === undefined ? this.present : select(config.online);
    this.onlineCpus = [...this.online];
    checkSubset('present', this.present, 'possible', this.possible);
    checkSubset('online', this.online, 'present', this.present);
    if (this.online.isEmpty) throw configError('at least 1 online CPU', 'none');
    this.cpus = [...this.possible];
    this.cpuLimit = (this.cpus.at(-1) ?? 0) + 1;
    const { nodes = 1 } = config;
    this.nodes = typeof nodes === 'number' ? deal(this.cpus, nodes) : nodes.map(select);
    this.#nodeOf = assign(this.nodes, this.possible, this.cpuLimit);
  }

  /** The NUMA node of a CPU; -1 for one that is not possible. */
  nodeOf(cpu: number): number {
    return this.#nodeOf[cpu] ?? -1;
  }
}

function configError(expected: string, got: string): MachineError {
  return new MachineError('ERR_CONFIG', `expected ${expected}, got ${got}`);
}

function select(selection: CpuSelection): CpuMask {
  if (typeof selection === 'number') return CpuMask.firstN(selection);
  return typeof selection === 'string' ? CpuMask.parse(selection) : CpuMask.of(selection);
}

function checkSubset(name: string, mask: CpuMask, outerName: string, outer: CpuMask): void {
  if (mask.isSubsetOf(outer)) return;
  const expected = `${name} CPUs among the ${outerName} ones (${outer.toString()})`;
  throw configError(expected, `"${mask.toString()}"`);
}

/** Equal runs of ascending CPUs; the first nodes get one more when it does not come out even. */
function deal(cpus: readonly number[], count: number): CpuMask[] {
  if (!Number.isInteger(count) || count < 1 || count > MAX_NODES)
    throw configError(`1 to ${MAX_NODES} nodes`, `${count}`);
  if (count > cpus.length)
    throw configError('a CPU for every node', `${count} nodes for ${cpus.length} CPUs`);
  return Array.from({ length: count }, (_, node) =>
    CpuMask.of(cpus.slice(startOf(node), startOf(node + 1))),
  );

  function startOf(node: number): number {
    return Math.ceil((node * cpus.length) / count);
  }
}

function assign(nodes: readonly CpuMask[], possible: CpuMask, cpuLimit: number): Int32Array {
  if (nodes.length === 0) throw configError('at least 1 node', '0 nodes');
  const nodeOf = new Int32Array(cpuLimit).fill(-1);
  for (const [node, cpus] of nodes.entries()) {
    if (cpus.isEmpty) throw configError('a CPU in every node', `node ${node} empty`);
    checkSubset(`node ${node}`, cpus, 'possible', possible);
    for (const cpu of cpus) {
      if (nodeOf[cpu] !== -1)
        throw configError('each CPU in one node', `CPU ${cpu} in nodes ${nodeOf[cpu]} and ${node}`);
      nodeOf[cpu] = node;
    }
  }
  for (const cpu of possible)
    if (nodeOf[cpu] === -1) throw configError('each CPU in one node', `CPU ${cpu} in none`);
  return nodeOf;
}
