import { REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { UserStruct } from '@rseqlab/sim-machine';
import { CriticalSectionReader, SectionState } from '../critical-section.js';
import { RSEQ_ORIGINAL_SIZE, RseqCsFlag, RseqOffset } from '../rseq-abi.js';
import type { EventMask } from './event-mask.js';
import type { RseqStats } from '../rseq-stats.js';
import type { MaskedPorts } from './exit-policy.js';
import type { MmCids } from '../mm-cids.js';

const SIGSEGV = 11;
const { NoRestartOnPreempt, NoRestartOnSignal, NoRestartOnMigrate } = RseqCsFlag;
const PREEMPT_AND_MIGRATE = NoRestartOnPreempt | NoRestartOnMigrate;

/**
 * What rseq does to a thread on its way to user mode, where a mask collects events: abort the
 * critical section it is in, then bring the ids up to date.
 *
 * @source kernel/rseq.c, v4.18 to v6.18 (__rseq_handle_notify_resume, rseq_ip_fixup,
 *   rseq_need_restart)
 */
export class MaskedFixup {
  readonly #ports: MaskedPorts;
  readonly #mask: EventMask;
  readonly #cids: MmCids | undefined;
  readonly #section: CriticalSectionReader;
  /** The area of the thread that is being looked at. */
  readonly #area: UserStruct;
  readonly #areaOf: Int32Array;
  readonly #signatureOf: Int32Array;
  readonly #registers: Int32Array;
  readonly #stats: RseqStats;

  /** @param cids concurrency ids, where the kernel has them */
  constructor(ports: MaskedPorts, mask: EventMask, cids: MmCids | undefined) {
    const { kernel, registration } = ports;
    this.#ports = ports;
    this.#mask = mask;
    this.#cids = cids;
    this.#section = new CriticalSectionReader(kernel.user, kernel);
    this.#area = kernel.userStruct(RSEQ_ORIGINAL_SIZE);
    this.#areaOf = registration.area;
    this.#signatureOf = registration.signature;
    this.#registers = kernel.threads.registers;
    this.#stats = ports.stats;
  }

  /** As after construction. */
  reset(): void {
    this.#section.reset();
  }

  /** Runs for a registered thread whose registers are those of user mode. */
  run(thread: number): void {
    this.#area.open(this.#areaOf[thread]!);
    if (!this.#fixIp(thread) || !this.#writeIds(thread))
      this.#ports.kernel.forceSignal(thread, SIGSEGV);
  }

  /**
   * Aborts or disarms the section of a thread that will come back to user mode after an event; what is
   * not as it must be is left for then. The event has done all that it can do: each way to here brings
   * another.
   */
  settleEarly(thread: number): void {
    this.#area.open(this.#areaOf[thread]!);
    if (this.#fixIp(thread)) this.#mask.take(thread);
  }

  /** Where a thread would go on after an event: the abort handler of the section it is in, or 0. */
  continuesAt(thread: number): number {
    this.#area.open(this.#areaOf[thread]!);
    const section = this.#section;
    if (section.read(this.#area, this.#signatureOf[thread]!) !== SectionState.Armed) return 0;
    const ip = this.#registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!;
    const flags = this.#area.get32(RseqOffset.flags) | section.flags;
    return this.#ports.aborts && flags === 0 && section.contains(ip) ? section.abortIp : 0;
  }

  /**
   * For debugging: a system call inside of a section is fatal, and so is a section that is not as it
   * must be.
   *
   * @source kernel/rseq.c (rseq_syscall), CONFIG_DEBUG_RSEQ
   */
  checkSyscall(thread: number): void {
    this.#area.open(this.#areaOf[thread]!);
    const state = this.#section.read(this.#area, this.#signatureOf[thread]!);
    if (state === SectionState.None) return;
    const ip = this.#registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!;
    if (state === SectionState.Invalid || this.#section.contains(ip))
      this.#ports.kernel.forceSignal(thread, SIGSEGV);
  }

  #fixIp(thread: number): boolean {
    const section = this.#section;
    const state = section.read(this.#area, this.#signatureOf[thread]!);
    if (state === SectionState.None) return true;
    this.#stats.cs += 1;
    if (state === SectionState.Invalid) return false;
    const at = thread * REGISTER_STRIDE + RegisterFile.Ip;
    const ip = this.#registers[at]!;
    if (!section.contains(ip)) {
      this.#stats.clear += 1;
      return this.#disarm();
    }
    const restart = this.#needRestart(thread);
    if (restart === undefined) return false;
    if (!restart) return true;
    if (!this.#disarm()) return false;
    this.#registers[at] = section.abortIp;
    this.#stats.fixup += 1;
    this.#announce(thread, ip);
    return true;
  }

  /** Whether an event came that aborts; undefined when the flags are not as they must be. */
  #needRestart(thread: number): boolean | undefined {
    const area = this.#area;
    const flags = area.get32(RseqOffset.flags) | this.#section.flags;
    if (area.failed || (flags !== 0 && !this.#accepts(flags))) return undefined;
    return (this.#mask.take(thread) & ~flags) !== 0 && this.#ports.aborts;
  }

  /**
   * Signals can be kept from aborting only where nothing else can abort: otherwise a handler that
   * is preempted would return into a section that has to be aborted.
   */
  #accepts(flags: number): boolean {
    if (this.#ports.rules.flags !== 'inhibit') return false;
    return (
      (flags & NoRestartOnSignal) === 0 || (flags & PREEMPT_AND_MIGRATE) === PREEMPT_AND_MIGRATE
    );
  }

  #disarm(): boolean {
    const area = this.#area;
    area.put32(RseqOffset.rseqCs, 0);
    if (!area.failed) area.put32(RseqOffset.rseqCsHigh, 0);
    return !area.failed;
  }

  #writeIds(thread: number): boolean {
    const area = this.#area;
    const cpu = this.#ports.cpuNumber(thread);
    this.#stats.ids += 1;
    area.put32(RseqOffset.cpuIdStart, cpu);
    if (!area.failed) area.put32(RseqOffset.cpuId, cpu);
    const cids = this.#cids;
    if (cids !== undefined) this.#writeNodeAndCid(thread, cpu, cids);
    if (area.failed) return false;
    if (this.#ports.kernel.events.wanted.cpuNumber) this.#tellCpuNumber(thread, cpu);
    return true;
  }

  #writeNodeAndCid(thread: number, cpu: number, cids: MmCids): void {
    const area = this.#area;
    if (!area.failed) area.put32(RseqOffset.nodeId, this.#ports.kernel.cpus.node[cpu]!);
    if (!area.failed) area.put32(RseqOffset.mmCid, cids.held[thread]!);
  }

  #tellCpuNumber(thread: number, cpu: number): void {
    const { cpus, events } = this.#ports.kernel;
    const node = cpus.node[cpu]!;
    events.emit('cpuNumber', { thread, cpu, node, concurrencyId: this.#cids?.held[thread] ?? 0 });
  }

  #announce(thread: number, from: number): void {
    const { events, threads } = this.#ports.kernel;
    if (events.wanted.abort)
      events.emit('abort', { thread, cpu: threads.cpu[thread]!, from, to: this.#section.abortIp });
  }
}
