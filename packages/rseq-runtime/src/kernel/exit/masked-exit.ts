import { ExitWork, SwitchReason } from '@rseqlab/sim-machine';
import type { KernelHooks } from '@rseqlab/sim-machine';
import { EventMask } from './event-mask.js';
import type { ExitPolicy, MaskedPorts } from './exit-policy.js';
import { MaskedFixup } from './masked-fixup.js';
import { MmCids } from '../mm-cids.js';
import { RseqEvent } from './rseq-events.js';

/**
 * Kernels that collect events in a mask: rfc-2017, v4.18, v6.1, v6.18.
 *
 * @source include/linux/sched.h (rseq_preempt, rseq_migrate, rseq_signal_deliver, rseq_syscall)
 */
export class MaskedExit implements ExitPolicy {
  readonly hooks: KernelHooks;
  readonly #ports: MaskedPorts;
  readonly #mask: EventMask;
  readonly #fixup: MaskedFixup;
  /** Concurrency ids of the threads that run, where there are any. */
  readonly #cids: MmCids | undefined;

  constructor(ports: MaskedPorts) {
    const { kernel, rules } = ports;
    this.#ports = ports;
    const kind = rules.flags === 'inhibit' ? 'semantic' : 'accounting';
    this.#mask = new EventMask(kernel.arena, kernel.threads.capacity, kind);
    this.#cids = rules.nodeAndCid ? new MmCids(kernel) : undefined;
    this.#fixup = new MaskedFixup(ports, this.#mask, this.#cids);
    this.hooks = this.#makeHooks();
  }

  registered(thread: number): void {
    this.#mask.take(thread);
    this.#ports.kernel.notifyResume(thread);
  }

  forget(thread: number): void {
    this.#mask.take(thread);
  }

  execed(thread: number): void {
    this.#cids?.renew(thread);
  }

  inherit(parent: number, child: number): void {
    this.#mask.copy(parent, child);
    // The copied area says where the parent is.
    this.#ports.kernel.notifyResume(child);
  }

  #makeHooks(): KernelHooks {
    const { kernel, stats, debug } = this.#ports;
    const { area } = this.#ports.registration;
    const fixup = this.#fixup;
    const cids = this.#cids;
    const mask = this.#mask;
    const { exitWork } = kernel.threads;
    const note = (thread: number, event: number): void => {
      if (area[thread] === 0) return;
      mask.add(thread, event);
      exitWork[thread]! |= ExitWork.NotifyResume;
    };
    return {
      reset() {
        fixup.reset();
      },
      switchedOut(thread, reason) {
        cids?.release(thread);
        if (reason !== SwitchReason.Exited) note(thread, RseqEvent.Preempt);
      },
      ...(cids !== undefined && {
        switchedIn: (thread: number): void => {
          cids.take(thread);
        },
      }),
      migrated(thread) {
        note(thread, RseqEvent.Migrate);
      },
      membarrierRseq(thread) {
        note(thread, RseqEvent.Preempt);
      },
      beforeSignalFrame(thread) {
        if (area[thread] === 0) return;
        stats.signal += 1;
        mask.add(thread, RseqEvent.Signal);
        fixup.run(thread);
      },
      returnToUser(thread) {
        if (area[thread] === 0) return;
        stats.exit += 1;
        stats.slowp += 1;
        fixup.run(thread);
      },
      returnsAlone: true,
      settleEarly(thread) {
        if (area[thread] !== 0) fixup.settleEarly(thread);
      },
      continuesAt: (thread) => (area[thread] === 0 ? 0 : fixup.continuesAt(thread)),
      ...(debug && {
        syscallExit: (thread: number): void => {
          if (area[thread] !== 0) fixup.checkSyscall(thread);
        },
      }),
    };
  }
}
