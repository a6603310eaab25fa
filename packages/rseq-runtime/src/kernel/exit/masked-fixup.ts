import { REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import { CriticalSectionReader, SectionState } from '../critical-section.js';
import { RseqCsFlag, RseqOffset } from '../rseq-abi.js';
import type { EventMask } from './event-mask.js';
import type { MaskedPorts } from './exit-policy.js';

const SIGSEGV = 11;
const { NoRestartOnPreempt, NoRestartOnSignal, NoRestartOnMigrate } = RseqCsFlag;
const PREEMPT_AND_MIGRATE = NoRestartOnPreempt | NoRestartOnMigrate;

/**
 * What rseq does to a thread on its way to user mode, where a mask collects events: abort the
 * critical section it is in, then bring the ids up to date.
 *
 * @source kernel/rseq.c, v4.18 and v6.1 (__rseq_handle_notify_resume, rseq_ip_fixup,
 *   rseq_need_restart)
 */
export class MaskedFixup {
  readonly #ports: MaskedPorts;
  readonly #mask: EventMask;
  readonly #section: CriticalSectionReader;

  constructor(ports: MaskedPorts, mask: EventMask) {
    this.#ports = ports;
    this.#mask = mask;
    this.#section = new CriticalSectionReader(ports.kernel.user, ports.kernel);
  }

  /** As after construction. */
  reset(): void {
    this.#section.reset();
  }

  /** Runs for a registered thread whose registers are those of user mode. */
  run(thread: number): void {
    const area = this.#ports.registration.area[thread]!;
    if (!this.#fixIp(thread, area) || !this.#writeIds(thread, area))
      this.#ports.kernel.forceSignal(thread, SIGSEGV);
  }

  /**
   * For debugging: a system call inside of a section is fatal, and so is a section that is not as it
   * must be.
   *
   * @source kernel/rseq.c (rseq_syscall), CONFIG_DEBUG_RSEQ
   */
  checkSyscall(thread: number): void {
    const { registration, kernel } = this.#ports;
    const state = this.#section.read(registration.area[thread]!, registration.signature[thread]!);
    if (state === SectionState.None) return;
    const ip = kernel.threads.registers[thread * REGISTER_STRIDE + RegisterFile.Ip]!;
    if (state === SectionState.Invalid || this.#section.contains(ip))
      kernel.forceSignal(thread, SIGSEGV);
  }

  #fixIp(thread: number, area: number): boolean {
    const { kernel, registration, stats } = this.#ports;
    const { registers } = kernel.threads;
    const section = this.#section;
    const at = thread * REGISTER_STRIDE + RegisterFile.Ip;
    const state = section.read(area, registration.signature[thread]!);
    if (state === SectionState.None) return true;
    stats.cs += 1;
    if (state === SectionState.Invalid) return false;
    const ip = registers[at]!;
    if (!section.contains(ip)) {
      stats.clear += 1;
      return this.#disarm(area);
    }
    const restart = this.#needRestart(thread, area);
    if (restart === undefined) return false;
    if (!restart) return true;
    if (!this.#disarm(area)) return false;
    registers[at] = section.abortIp;
    stats.fixup += 1;
    this.#announce(thread, ip);
    return true;
  }

  /** Whether an event came that aborts; undefined when the flags are not as they must be. */
  #needRestart(thread: number, area: number): boolean | undefined {
    const { user } = this.#ports.kernel;
    const flags = user.get32(area + RseqOffset.flags) | this.#section.flags;
    if (user.failed || (flags !== 0 && !this.#accepts(flags))) return undefined;
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

  #disarm(area: number): boolean {
    const { user } = this.#ports.kernel;
    user.put32(area + RseqOffset.rseqCs, 0);
    if (!user.failed) user.put32(area + RseqOffset.rseqCsHigh, 0);
    return !user.failed;
  }

  #writeIds(thread: number, area: number): boolean {
    const { kernel, stats, cpuNumber } = this.#ports;
    const { user } = kernel;
    const cpu = cpuNumber(thread);
    stats.ids += 1;
    user.put32(area + RseqOffset.cpuIdStart, cpu);
    if (!user.failed) user.put32(area + RseqOffset.cpuId, cpu);
    return !user.failed;
  }

  #announce(thread: number, from: number): void {
    const { events, threads } = this.#ports.kernel;
    if (events.wants('abort'))
      events.emit('abort', { thread, cpu: threads.cpu[thread]!, from, to: this.#section.abortIp });
  }
}
