import { SyscallNumber } from '@rseqlab/sim-machine';
import type { KernelHooks, KernelModule, KernelPort } from '@rseqlab/sim-machine';
import { rseqAreaOf } from '../user/rseq-area.js';
import { cpuNumberReader } from './cpu-number-source.js';
import { EventExit } from './exit/event-exit.js';
import type { ExitPolicy, ExitPorts } from './exit/exit-policy.js';
import { MaskedExit } from './exit/masked-exit.js';
import { PTRACE_GET_RSEQ_CONFIGURATION, ptraceConfiguration } from './ptrace-configuration.js';
import { RSEQ_CPU_ID_REGISTRATION_FAILED, RSEQ_SIGNATURE, RseqOffset } from './rseq-abi.js';
import { checkOptions } from './rseq-options.js';
import type { CheckedOptions, RseqOptions } from './rseq-options.js';
import { RseqRegistration } from './rseq-registration.js';
import { rseqSyscall } from './rseq-syscall.js';

/**
 * The rseq system call and its work on return to user mode, as a module of the simulated kernel.
 *
 * @throws RuntimeError `ERR_PROFILE` for a profile that does not exist; `ERR_SLICE` for a length of
 *   slice extensions that is out of range
 * @source kernel/rseq.c
 */
export function rseq(options: RseqOptions = {}): KernelModule {
  const checked = checkOptions(options);
  return { name: checked.name, attach: (kernel) => attach(kernel, checked) };
}

function attach(kernel: KernelPort, options: CheckedOptions): KernelHooks {
  const { rules } = options;
  const registration = new RseqRegistration(kernel.arena, kernel.threads.capacity);
  const ports: ExitPorts = {
    ...options,
    kernel,
    registration,
    cpuNumber: cpuNumberReader(kernel, options.cpuNumber),
  };
  const policy =
    rules.sections === 'masked'
      ? new MaskedExit({ ...ports, rules })
      : new EventExit({ ...ports, rules });
  kernel.registerSyscall(SyscallNumber.rseq, rseqSyscall(ports, policy));
  if (rules.ptraceConfiguration)
    kernel.registerPtraceRequest(PTRACE_GET_RSEQ_CONFIGURATION, ptraceConfiguration(ports));
  return { ...policy.hooks, ...lifecycle(ports, policy, options) };
}

/** Beginning, copying and end of registrations, the same in every profile. */
function lifecycle(ports: ExitPorts, policy: ExitPolicy, options: CheckedOptions): KernelHooks {
  const { kernel, registration, stats } = ports;
  const { reset } = policy.hooks;
  const forget = (thread: number): void => {
    registration.clear(thread);
    policy.forget(thread);
  };
  return {
    reset() {
      stats.reset();
      reset?.();
    },
    cloned: (_parent, child) => {
      forget(child);
    },
    forked: (parent, child) => {
      registration.copy(parent, child);
      if (registration.area[child] !== 0) policy.inherit(parent, child);
    },
    execed: (thread) => {
      forget(thread);
      policy.execed(thread);
    },
    exited: forget,
    threadStart: (thread) => {
      if (options.autoRegister) registerAsLibrary(kernel, thread, options.areaLength);
    },
  };
}

/** What glibc does before a thread's first instruction. @source sysdeps/unix/sysv/linux/rseq-internal.h */
function registerAsLibrary(kernel: KernelPort, thread: number, length: number): void {
  const area = rseqAreaOf(kernel, thread);
  const result = kernel.syscallFor(thread, SyscallNumber.rseq, area, length, 0, RSEQ_SIGNATURE);
  if (result < 0) kernel.user.put32(area + RseqOffset.cpuId, RSEQ_CPU_ID_REGISTRATION_FAILED);
}
