import { ExitWork, SyscallNumber } from '@rseqlab/sim-machine';
import type { CpuTimerPort } from '@rseqlab/sim-machine';
import { RseqOffset } from '../rseq-abi.js';
import type { SlicePorts } from './slice-ports.js';
import { slicePrctl } from './slice-prctl.js';

const SIGSEGV = 11;
const REQUEST_MASK = 0xff;
const GRANTED = 1 << 8;
const RESERVED_MASK = 0xffff0000 | 0;

/**
 * A thread that is about to lose its CPU, interrupted in what it would rather finish, may go on for
 * some microseconds.
 *
 * The thread sets `request` in its area; instead of scheduling, the kernel clears it, sets `granted`
 * and arms a timer. The extension ends when the timer expires, when the thread is to lose its CPU
 * again, or with any system call, of which rseq_slice_yield is the one for it.
 *
 * In Linux the change of threads takes place before that system call is carried out; here, where the
 * kernel is atomic, right after.
 *
 * @source include/linux/rseq_entry.h, kernel/rseq.c at v7.1; Documentation/userspace-api/rseq.rst
 */
export class SliceExtension {
  /** 1 for a thread that may have extensions. */
  readonly enabled: Int32Array;
  readonly #ports: SlicePorts;
  readonly #granted: Int32Array;
  readonly #yielded: Int32Array;
  /** Who has armed the timer of a CPU, plus 1. */
  readonly #armer: Int32Array;
  readonly #timers: CpuTimerPort;

  constructor(ports: SlicePorts) {
    const { arena, threads, cpus } = ports.kernel;
    const column = (name: string): Int32Array =>
      arena.column(`rseq.slice.${name}`, threads.capacity, 'semantic');
    this.#ports = ports;
    this.enabled = column('enabled');
    this.#granted = column('granted');
    this.#yielded = column('yielded');
    this.#armer = arena.column('rseq.slice.armer', cpus.capacity, 'semantic');
    this.#timers = ports.kernel.cpuTimers((cpu) => {
      this.#expired(cpu);
    });
    ports.kernel.registerSyscall(SyscallNumber.prctl, slicePrctl(ports, this.enabled));
    ports.kernel.registerSyscall(SyscallNumber.rseq_slice_yield, (thread) => {
      const hasYielded = this.#yielded[thread]!;
      this.#yielded[thread] = 0;
      return hasYielded;
    });
  }

  /** A registration begins, with the extension enabled or not. */
  registered(thread: number, isEnabled: boolean): void {
    this.forget(thread);
    this.enabled[thread] = isEnabled ? 1 : 0;
  }

  /** A registration ends. */
  forget(thread: number): void {
    this.enabled[thread] = 0;
    this.#granted[thread] = 0;
    this.#yielded[thread] = 0;
  }

  /** A child is as its parent, which is in a system call and so has no extension. */
  inherit(parent: number, child: number): void {
    this.enabled[child] = this.enabled[parent]!;
    this.#granted[child] = 0;
    this.#yielded[child] = 0;
  }

  /**
   * The thread is to lose its CPU: whether it may go on.
   *
   * @param work what else there is to do before it is in user mode; a signal leaves no choice
   */
  extend(thread: number, area: number, work: number): boolean {
    const { kernel, stats, inSyscall, sliceExtensionNs } = this.#ports;
    const mayAsk = this.enabled[thread] === 1 && inSyscall[thread] === 0;
    const isGranted = this.#granted[thread] === 1;
    if (!mayAsk && !isGranted) return false;
    if (isGranted || (work & ExitWork.Signal) !== 0) {
      if (!this.withdraw(thread, area)) kernel.forceSignal(thread, SIGSEGV);
      return false;
    }
    const { user } = kernel;
    const control = user.get32(area + RseqOffset.sliceCtrl);
    if (!user.failed && (control & REQUEST_MASK) === 0) return false;
    if (!user.failed) user.put32(area + RseqOffset.sliceCtrl, (control & RESERVED_MASK) | GRANTED);
    if (user.failed) {
      kernel.forceSignal(thread, SIGSEGV);
      return false;
    }
    const cpu = kernel.threads.cpu[thread]!;
    this.#granted[thread] = 1;
    this.#armer[cpu] = thread + 1;
    this.#timers.arm(cpu, sliceExtensionNs);
    stats.sgrant += 1;
    return true;
  }

  /** Takes request and grant back, where there are any; false where the area cannot be written. */
  withdraw(thread: number, area: number): boolean {
    const { kernel, stats } = this.#ports;
    kernel.user.put32(area + RseqOffset.sliceCtrl, 0);
    stats.srevok += this.#granted[thread]!;
    this.#granted[thread] = 0;
    return !kernel.user.failed;
  }

  /** The thread made a system call, which ends its extension. */
  syscall(thread: number, area: number, number: number): void {
    if (this.#granted[thread] === 0) return;
    const { kernel, stats, debug } = this.#ports;
    const { user } = kernel;
    const cpu = kernel.threads.cpu[thread]!;
    const isIntact =
      !debug || (user.get32(area + RseqOffset.sliceCtrl) === GRANTED && !user.failed);
    this.#granted[thread] = 0;
    if (this.#armer[cpu] === thread + 1) {
      this.#timers.cancel(cpu);
      this.#armer[cpu] = 0;
    }
    if (number === SyscallNumber.rseq_slice_yield) {
      stats.syield += 1;
      this.#yielded[thread] = 1;
    } else stats.sabort += 1;
    user.put32(area + RseqOffset.sliceCtrl, 0);
    if (user.failed || !isIntact) kernel.forceSignal(thread, SIGSEGV);
    kernel.requestReschedule(cpu);
  }

  #expired(cpu: number): void {
    const { kernel, stats } = this.#ports;
    const thread = this.#armer[cpu]! - 1;
    this.#armer[cpu] = 0;
    if (thread < 0 || kernel.cpus.current[cpu] !== thread || this.#granted[thread] === 0) return;
    stats.sexpir += 1;
    kernel.requestReschedule(cpu);
  }
}
