import { REGISTER_STRIDE, RegisterFile } from '@rseqlab/sim-machine';
import type { KernelPort, UserStruct } from '@rseqlab/sim-machine';
import { CriticalSectionReader, SectionState } from './critical-section.js';
import { RSEQ_ORIGINAL_SIZE, RseqOffset } from './rseq-abi.js';
import type { RseqRegistration } from './rseq-registration.js';

const SIGSEGV = 11;

/**
 * What rseq does to a thread on its way to user mode, profile v6.1: abort the critical section it
 * is in, then bring the ids up to date.
 *
 * @source kernel/rseq.c, v6.1 (__rseq_handle_notify_resume, rseq_ip_fixup, rseq_need_restart)
 */
export class ExitFixup {
  readonly #kernel: KernelPort;
  readonly #registration: RseqRegistration;
  readonly #section: CriticalSectionReader;
  readonly #aborts: boolean;
  /** The area of the thread that is being looked at. */
  readonly #area: UserStruct;

  constructor(kernel: KernelPort, registration: RseqRegistration, aborts: boolean) {
    this.#kernel = kernel;
    this.#registration = registration;
    this.#section = new CriticalSectionReader(kernel.user, kernel);
    this.#aborts = aborts;
    this.#area = kernel.userStruct(RSEQ_ORIGINAL_SIZE);
  }

  /** As after construction. */
  reset(): void {
    this.#section.reset();
  }

  /** Runs for a registered thread whose registers are those of user mode. */
  run(thread: number): void {
    this.#area.open(this.#registration.area[thread]!);
    if (!this.#fixIp(thread) || !this.#writeIds(thread)) this.#kernel.forceSignal(thread, SIGSEGV);
  }

  #fixIp(thread: number): boolean {
    const { registers } = this.#kernel.threads;
    const section = this.#section;
    const at = thread * REGISTER_STRIDE + RegisterFile.Ip;
    const state = section.read(this.#area, this.#registration.signature[thread]!);
    if (state === SectionState.None) return true;
    if (state === SectionState.Invalid) return false;
    const ip = registers[at]!;
    if (!section.contains(ip)) return this.#disarm();
    const restart = this.#needRestart(thread);
    if (restart === undefined) return false;
    if (!restart) return true;
    if (!this.#disarm()) return false;
    registers[at] = section.abortIp;
    this.#announce(thread, ip);
    return true;
  }

  /** Whether an event came that aborts; undefined when a flag is set that v6.1 no longer takes. */
  #needRestart(thread: number): boolean | undefined {
    const area = this.#area;
    const flags = area.get32(RseqOffset.flags);
    if (area.failed || flags !== 0 || this.#section.flags !== 0) return undefined;
    return this.#registration.takeEvents(thread) !== 0 && this.#aborts;
  }

  #disarm(): boolean {
    const area = this.#area;
    area.put32(RseqOffset.rseqCs, 0);
    if (!area.failed) area.put32(RseqOffset.rseqCsHigh, 0);
    return !area.failed;
  }

  #writeIds(thread: number): boolean {
    const area = this.#area;
    const cpu = this.#kernel.threads.cpu[thread]!;
    area.put32(RseqOffset.cpuIdStart, cpu);
    if (!area.failed) area.put32(RseqOffset.cpuId, cpu);
    return !area.failed;
  }

  #announce(thread: number, from: number): void {
    const { events, threads } = this.#kernel;
    if (events.wanted.abort)
      events.emit('abort', { thread, cpu: threads.cpu[thread]!, from, to: this.#section.abortIp });
  }
}
