import { SwitchReason, SyscallNumber } from '@rseqlab/sim-machine';
import type { KernelHooks, KernelModule, KernelPort } from '@rseqlab/sim-machine';
import { ExitFixup } from './exit-fixup.js';
import { RseqEvent } from './rseq-events.js';
import { RseqRegistration } from './rseq-registration.js';
import { RSEQ_ORIGINAL_SIZE, RSEQ_SIGNATURE } from './rseq-abi.js';
import { rseqSyscall } from './rseq-syscall.js';
import { rseqAreaOf } from '../user/rseq-area.js';
import { rulesOf } from './profiles/rseq-profiles.js';
import type { RseqProfile } from './profiles/rseq-profiles.js';
import type { RseqRules } from './profiles/rseq-rules.js';

/** How rseq behaves. */
export interface RseqOptions {
  /** Which kernel's behaviour; default `v6.1`. */
  readonly profile?: RseqProfile;
  /**
   * Whether the C library registers every thread's area before the thread's first instruction, as
   * glibc does since 2.35; default true.
   */
  readonly autoRegister?: boolean;
  /** False makes a kernel that never aborts a section, to see what goes wrong then; default true. */
  readonly aborts?: boolean;
}

/**
 * The rseq system call and its work on return to user mode, as a module of the simulated kernel.
 *
 * @throws RuntimeError `ERR_PROFILE` for a profile that does not exist
 * @source kernel/rseq.c, include/linux/sched.h (rseq_preempt, rseq_migrate, rseq_signal_deliver)
 */
export function rseq(options: RseqOptions = {}): KernelModule {
  const { profile = 'v6.1', autoRegister = true, aborts = true } = options;
  const rules = rulesOf(profile);
  return {
    name: `rseq ${profile}${aborts ? '' : ', aborts off'}${autoRegister ? '' : ', not registered'}`,
    attach: (kernel) => hooks(kernel, rules, autoRegister, aborts),
  };
}

function hooks(
  kernel: KernelPort,
  rules: RseqRules,
  autoRegister: boolean,
  aborts: boolean,
): KernelHooks {
  const maskKind = rules.flags === 'inhibit' ? 'semantic' : 'accounting';
  const registration = new RseqRegistration(kernel.arena, kernel.threads.capacity, maskKind);
  const fixup = new ExitFixup(kernel, registration, rules.flags, aborts);
  const { area } = registration;
  kernel.registerSyscall(SyscallNumber.rseq, rseqSyscall(kernel, registration, rules));

  const note = (thread: number, event: number): void => {
    if (area[thread] === 0) return;
    registration.addEvent(thread, event);
    kernel.notifyResume(thread);
  };
  return {
    reset() {
      fixup.reset();
    },
    switchedOut(thread, reason) {
      if (reason !== SwitchReason.Exited) note(thread, RseqEvent.Preempt);
    },
    migrated(thread) {
      note(thread, RseqEvent.Migrate);
    },
    membarrierRseq(thread) {
      note(thread, RseqEvent.Preempt);
    },
    beforeSignalFrame(thread) {
      if (area[thread] === 0) return;
      registration.addEvent(thread, RseqEvent.Signal);
      fixup.run(thread);
    },
    returnToUser(thread) {
      if (area[thread] !== 0) fixup.run(thread);
    },
    cloned(_parent, child) {
      registration.clear(child);
    },
    forked(parent, child) {
      registration.copy(parent, child);
      // The copied area says where the parent is.
      if (area[child] !== 0) kernel.notifyResume(child);
    },
    execed(thread) {
      registration.clear(thread);
    },
    exited(thread) {
      registration.clear(thread);
    },
    threadStart(thread) {
      if (autoRegister)
        kernel.syscallFor(
          thread,
          SyscallNumber.rseq,
          rseqAreaOf(kernel, thread),
          RSEQ_ORIGINAL_SIZE,
          0,
          RSEQ_SIGNATURE,
        );
    },
  };
}
