import { SignalNumber } from './signal-number.js';
import { holds, lowBit, STOP_LOW } from './signal-set.js';

/** What a signal does that nobody handles. @source signal(7), "Standard signals" */
export const DefaultAction = {
  /** Term and Core: the process ends; core files are not written (RLIMIT_CORE is 0). */
  Terminate: 0,
  /** Ign, and Cont: to go on is done when SIGCONT is sent, not when it is delivered. */
  Ignore: 1,
  /** Stop. */
  Stop: 2,
} as const;

/** One of {@link DefaultAction}. */
export type DefaultAction = (typeof DefaultAction)[keyof typeof DefaultAction];

const IGNORED_LOW =
  lowBit(SignalNumber.SIGCONT) |
  lowBit(SignalNumber.SIGCHLD) |
  lowBit(SignalNumber.SIGWINCH) |
  lowBit(SignalNumber.SIGURG);

/** Ends with a core dump on a machine that writes them: decided at delivery, not when it is sent. */
const CORE_LOW =
  lowBit(SignalNumber.SIGQUIT) |
  lowBit(SignalNumber.SIGILL) |
  lowBit(SignalNumber.SIGTRAP) |
  lowBit(SignalNumber.SIGABRT) |
  lowBit(SignalNumber.SIGFPE) |
  lowBit(SignalNumber.SIGSEGV) |
  lowBit(SignalNumber.SIGBUS) |
  lowBit(SignalNumber.SIGSYS) |
  lowBit(SignalNumber.SIGXCPU) |
  lowBit(SignalNumber.SIGXFSZ);

/** What the signal does by default. */
export function defaultAction(signal: number): DefaultAction {
  if (holds(IGNORED_LOW, 0, signal)) return DefaultAction.Ignore;
  return holds(STOP_LOW, 0, signal) ? DefaultAction.Stop : DefaultAction.Terminate;
}

/** Whether its default is to end the process with a core dump. @source sig_kernel_coredump() */
export function dumpsCore(signal: number): boolean {
  return holds(CORE_LOW, 0, signal);
}
