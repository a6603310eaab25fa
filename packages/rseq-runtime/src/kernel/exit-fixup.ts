import { REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { KernelPort } from '@rseqlab/sim-machine';
import { CriticalSectionReader, SectionState } from './critical-section.js';
import type { FlagsPolicy } from './profiles/rseq-rules.js';
import { RseqCsFlag, RseqOffset } from './rseq-abi.js';
import type { RseqRegistration } from './rseq-registration.js';

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
export class ExitFixup {
  readonly #kernel: KernelPort;
  readonly #registration: RseqRegistration;
  readonly #section: CriticalSectionReader;
  readonly #flags: FlagsPolicy;
  readonly #aborts: boolean;

  constructor(
    kernel: KernelPort,
    registration: RseqRegistration,
    flags: FlagsPolicy,
    aborts: boolean,
  ) {
    this.#kernel = kernel;
    this.#registration = registration;
    this.#section = new CriticalSectionReader(kernel.user, kernel);
    this.#flags = flags;
    this.#aborts = aborts;
  }

  /** As after construction. */
  reset(): void {
    this.#section.reset();
  }

  /** Runs for a registered thread whose registers are those of user mode. */
  run(thread: number): void {
    const area = this.#registration.area[thread]!;
    if (!this.#fixIp(thread, area) || !this.#writeIds(thread, area))
      this.#kernel.forceSignal(thread, SIGSEGV);
  }

  #fixIp(thread: number, area: number): boolean {
    const { registers } = this.#kernel.threads;
    const section = this.#section;
    const at = thread * REGISTER_STRIDE + RegisterFile.Ip;
    const state = section.read(area, this.#registration.signature[thread]!);
    if (state === SectionState.None) return true;
    if (state === SectionState.Invalid) return false;
    const ip = registers[at]!;
    if (!section.contains(ip)) return this.#disarm(area);
    const restart = this.#needRestart(thread, area);
    if (restart === undefined) return false;
    if (!restart) return true;
    if (!this.#disarm(area)) return false;
    registers[at] = section.abortIp;
    this.#announce(thread, ip);
    return true;
  }

  /** Whether an event came that aborts; undefined when the flags are not as they must be. */
  #needRestart(thread: number, area: number): boolean | undefined {
    const { user } = this.#kernel;
    const flags = user.get32(area + RseqOffset.flags) | this.#section.flags;
    if (user.failed || (flags !== 0 && !this.#accepts(flags))) return undefined;
    return (this.#registration.takeEvents(thread) & ~flags) !== 0 && this.#aborts;
  }

  /**
   * Signals can be kept from aborting only where nothing else can abort: otherwise a handler that
   * is preempted would return into a section that has to be aborted.
   */
  #accepts(flags: number): boolean {
    if (this.#flags === 'refuse') return false;
    return (
      (flags & NoRestartOnSignal) === 0 || (flags & PREEMPT_AND_MIGRATE) === PREEMPT_AND_MIGRATE
    );
  }

  #disarm(area: number): boolean {
    const { user } = this.#kernel;
    user.put32(area + RseqOffset.rseqCs, 0);
    if (!user.failed) user.put32(area + RseqOffset.rseqCsHigh, 0);
    return !user.failed;
  }

  #writeIds(thread: number, area: number): boolean {
    const { user, threads } = this.#kernel;
    const cpu = threads.cpu[thread]!;
    user.put32(area + RseqOffset.cpuIdStart, cpu);
    if (!user.failed) user.put32(area + RseqOffset.cpuId, cpu);
    return !user.failed;
  }

  #announce(thread: number, from: number): void {
    const { events, threads } = this.#kernel;
    if (events.wants('abort'))
      events.emit('abort', { thread, cpu: threads.cpu[thread]!, from, to: this.#section.abortIp });
  }
}
