import type { StateArena } from '@rseqlab/sim-machine';
import { MmCids } from '../mm-cids.js';
import { RSEQ_CPU_ID_UNINITIALIZED, RseqOffset } from '../rseq-abi.js';
import type { PendingPorts } from './exit-policy.js';

/**
 * The ids in an area: cpu_id_start, cpu_id, node_id, mm_cid; written together, and remembered, so
 * that it shows when somebody else writes there.
 *
 * @source include/linux/rseq_entry.h (rseq_set_ids_get_csaddr)
 */
export class AreaIds {
  /** Concurrency ids of the threads that run, registered or not. */
  readonly cids: MmCids;
  /** The CPU number that was written last, or -1. */
  readonly writtenCpu: Int32Array;
  /** The concurrency id that was written last. */
  readonly writtenCid: Int32Array;
  readonly #ports: PendingPorts;
  readonly #node: Int32Array;

  constructor(ports: PendingPorts) {
    const { kernel } = ports;
    const column = (name: string, initial: number): ReturnType<StateArena['threadColumn']> =>
      kernel.arena.threadColumn(name, kernel.threads.capacity, 'semantic', initial);
    this.#ports = ports;
    this.#node = kernel.cpus.node;
    this.cids = new MmCids(kernel);
    this.writtenCpu = column('rseq.writtenCpu', RSEQ_CPU_ID_UNINITIALIZED);
    this.writtenCid = column('rseq.writtenCid', 0);
  }

  /** As in an area that was just registered. */
  forget(thread: number): void {
    this.writtenCpu[thread] = RSEQ_CPU_ID_UNINITIALIZED;
    this.writtenCid[thread] = 0;
  }

  /** A child has a copy of its parent's area. */
  inherit(parent: number, child: number): void {
    this.writtenCpu[child] = this.writtenCpu[parent]!;
    this.writtenCid[child] = this.writtenCid[parent]!;
  }

  /** Whether the ids in the area are what was written there; false where it cannot be read. */
  areIntact(thread: number, area: number): boolean {
    const cpu = this.writtenCpu[thread]!;
    return (
      this.#holds(area + RseqOffset.cpuIdStart, cpu) &&
      this.#holds(area + RseqOffset.cpuId, cpu) &&
      this.#holds(area + RseqOffset.nodeId, cpu < 0 ? 0 : this.#node[cpu]!) &&
      this.#holds(area + RseqOffset.mmCid, this.writtenCid[thread]!)
    );
  }

  /** Writes the ids of a running thread; false where the area cannot be written. */
  write(thread: number, area: number): boolean {
    const { kernel, stats, cpuNumber } = this.#ports;
    const { user } = kernel;
    const cpu = cpuNumber(thread);
    const cid = this.cids.take(thread);
    user.put32(area + RseqOffset.cpuIdStart, cpu);
    if (user.failed) return false;
    user.put32(area + RseqOffset.cpuId, cpu);
    if (user.failed) return false;
    user.put32(area + RseqOffset.nodeId, this.#node[cpu]!);
    if (user.failed) return false;
    user.put32(area + RseqOffset.mmCid, cid);
    if (user.failed) return false;
    this.writtenCpu[thread] = cpu;
    this.writtenCid[thread] = cid;
    stats.ids += 1;
    const { events } = kernel;
    if (events.wanted.cpuNumber)
      events.emit('cpuNumber', { thread, cpu, node: this.#node[cpu]!, concurrencyId: cid });
    return true;
  }

  #holds(address: number, value: number): boolean {
    const { user } = this.#ports.kernel;
    return user.get32(address) === value && !user.failed;
  }
}
