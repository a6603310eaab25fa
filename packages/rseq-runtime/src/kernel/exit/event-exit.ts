import type { KernelHooks } from '@rseqlab/sim-machine';
import { modeOf } from '../profiles/rseq-rules.js';
import type { RegistrationMode } from '../profiles/rseq-rules.js';
import { RSEQ_FLAG_SLICE_EXT_DEFAULT_ON } from '../rseq-abi.js';
import { SliceExtension } from '../slice/slice-extension.js';
import { AreaIds } from './area-ids.js';
import type { ExitPolicy, PendingPorts } from './exit-policy.js';
import { SectionUpdate } from './section-update.js';

const SIGSEGV = 11;

/** What is to be done when a thread is next in user mode. */
const Pending = {
  /** Look at the section. */
  Section: 1,
  /** Write the ids. */
  Ids: 2,
};

/**
 * Kernels that remember from one return to user mode to the next what has to be done at it, and
 * whether user code was interrupted: v6.19 and v7.1.
 *
 * @source include/linux/rseq.h, include/linux/rseq_entry.h at v6.19 and v7.1
 */
export class EventExit implements ExitPolicy {
  readonly hooks: KernelHooks;
  readonly #ports: PendingPorts;
  readonly #ids: AreaIds;
  readonly #section: SectionUpdate;
  readonly #slice: SliceExtension | undefined;
  /** {@link Pending} bits, by thread. */
  readonly #pending: Int32Array;
  /** 1 for a thread that entered the kernel by a system call and has not been in user mode since. */
  readonly #inSyscall: Int32Array;

  constructor(ports: PendingPorts) {
    const { kernel, rules } = ports;
    const { capacity } = kernel.threads;
    this.#ports = ports;
    this.#ids = new AreaIds(ports);
    this.#section = new SectionUpdate(ports);
    this.#pending = kernel.arena.threadColumn('rseq.pending', capacity, 'semantic');
    this.#inSyscall = kernel.arena.threadColumn('rseq.inSyscall', capacity, 'semantic');
    this.#slice = rules.extended.sliceExtension
      ? new SliceExtension({ ...ports, inSyscall: this.#inSyscall, modeOf: (t) => this.#mode(t) })
      : undefined;
    this.hooks = this.#makeHooks();
  }

  registered(thread: number, flags: number): void {
    this.#inSyscall[thread] = 1;
    this.#force(thread);
    const isEnabled = (flags & RSEQ_FLAG_SLICE_EXT_DEFAULT_ON) !== 0;
    this.#slice?.registered(thread, isEnabled && this.#mode(thread).sliceExtension);
  }

  forget(thread: number): void {
    this.#pending[thread] = 0;
    this.#inSyscall[thread] = 0;
    this.#ids.forget(thread);
    this.#slice?.forget(thread);
  }

  execed(thread: number): void {
    this.#ids.cids.renew(thread);
  }

  inherit(parent: number, child: number): void {
    this.#inSyscall[child] = 1;
    this.#ids.inherit(parent, child);
    this.#slice?.inherit(parent, child);
    this.#force(child);
  }

  /** Has section and ids looked at on the next return to user mode, whatever comes. */
  #force(thread: number): void {
    this.#pending[thread] = Pending.Section | Pending.Ids;
    this.#ports.kernel.notifyResume(thread);
  }

  #mode(thread: number): RegistrationMode {
    const { rules, registration } = this.#ports;
    return modeOf(rules, registration.length[thread]!);
  }

  /** The thread has a CPU again, and a concurrency id. */
  #switchedIn(thread: number, cid: number): void {
    const mode = this.#mode(thread);
    const ids = this.#ids;
    if (mode.idsWritten === 'always' || cid !== ids.writtenCid[thread])
      this.#pending[thread]! |= Pending.Ids;
    const isEvent = mode.events === 'switch' || this.#inSyscall[thread] === 0;
    if (!isEvent && this.#pending[thread] === 0) return;
    this.#pending[thread]! |= Pending.Section;
    this.#ports.kernel.notifyResume(thread);
  }

  #update(thread: number, area: number): boolean {
    const { debug } = this.#ports;
    const pending = this.#pending[thread]!;
    const mode = this.#mode(thread);
    const isInterrupted = this.#inSyscall[thread] === 0;
    if ((pending & Pending.Ids) !== 0) {
      const validates = mode.idsValidated === 'always' || (debug && mode.idsValidated === 'debug');
      if (validates && !this.#ids.areIntact(thread, area)) return false;
      if (!this.#ids.write(thread, area)) return false;
    }
    if (mode.sliceExtension && !this.#slice!.withdraw(thread, area)) return false;
    if (mode.events === 'interrupt' && !isInterrupted && !debug) return true;
    return this.#section.run(thread, area, isInterrupted || mode.events === 'switch');
  }

  #returnToUser(thread: number, area: number): void {
    const { kernel, stats } = this.#ports;
    stats.exit += 1;
    if ((this.#pending[thread]! & Pending.Section) !== 0) {
      const faults = kernel.pageFaults();
      stats.fastp += 1;
      if (!this.#update(thread, area)) kernel.forceSignal(thread, SIGSEGV);
      if (kernel.pageFaults() !== faults) stats.slowp += 1;
    }
    this.#pending[thread] = 0;
    this.#inSyscall[thread] = 0;
  }

  #beforeSignalFrame(thread: number, area: number): void {
    const { kernel, stats } = this.#ports;
    const mode = this.#mode(thread);
    const isInterrupted = this.#inSyscall[thread] === 0;
    if (mode.events === 'interrupt' && !isInterrupted) return;
    stats.signal += 1;
    if (!this.#section.run(thread, area, isInterrupted || mode.events === 'switch'))
      kernel.forceSignal(thread, SIGSEGV);
    if (mode.idsWritten === 'always') this.#force(thread);
  }

  #membarrier(thread: number): void {
    if (this.#mode(thread).idsWritten === 'always') this.#force(thread);
    else if (this.#inSyscall[thread] === 0) {
      this.#pending[thread]! |= Pending.Section;
      this.#ports.kernel.notifyResume(thread);
    }
  }

  /** In debug mode, with the thread at the end of a system call. */
  #checkSyscall(thread: number, area: number): void {
    if (!this.#section.run(thread, area, false)) this.#ports.kernel.forceSignal(thread, SIGSEGV);
  }

  #makeHooks(): KernelHooks {
    const { kernel, registration, debug } = this.#ports;
    const { area } = registration;
    const slice = this.#slice;
    return {
      reset: () => {
        this.#section.reset();
      },
      switchedOut: (thread) => {
        this.#ids.cids.release(thread);
      },
      switchedIn: (thread) => {
        const cid = this.#ids.cids.take(thread);
        if (area[thread] !== 0) this.#switchedIn(thread, cid);
      },
      migrated: (thread) => {
        if (area[thread] !== 0) this.#pending[thread]! |= Pending.Ids;
      },
      membarrierRseq: (thread) => {
        if (area[thread] !== 0) this.#membarrier(thread);
      },
      beforeSignalFrame: (thread) => {
        if (area[thread] !== 0) this.#beforeSignalFrame(thread, area[thread]!);
      },
      // A slice ends by timers and by what other CPUs do.
      returnsAlone: slice === undefined,
      returnToUser: (thread) => {
        if (area[thread] !== 0) this.#returnToUser(thread, area[thread]!);
      },
      // What is not as it must be is found again at the return to user mode.
      settleEarly: (thread) => {
        if (area[thread] !== 0 && this.#inSyscall[thread] === 0)
          this.#section.run(thread, area[thread]!, true);
      },
      continuesAt: (thread) =>
        area[thread] === 0 ? 0 : this.#section.continuesAt(thread, area[thread]!),
      syscallEnter: (thread, number) => {
        if (area[thread] === 0) return;
        this.#inSyscall[thread] = 1;
        slice?.syscall(thread, area[thread]!, number);
      },
      syscallExit: (thread) => {
        if (area[thread] === 0) return;
        if (debug) this.#checkSyscall(thread, area[thread]!);
        // So that the end of the system call is seen.
        kernel.notifyResume(thread);
      },
      ...(slice !== undefined && {
        extendsSlice: (thread: number, work: number): boolean =>
          area[thread] !== 0 && slice.extend(thread, area[thread]!, work),
      }),
    };
  }
}
