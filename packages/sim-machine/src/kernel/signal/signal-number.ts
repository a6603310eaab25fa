/**
 * Signals by name.
 *
 * @source include/uapi/asm-generic/signal.h, signal(7)
 */
export const SignalNumber = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
  /** The first real-time signal: these queue, one instance for every time they are sent. */
  SIGRTMIN: 32,
  SIGRTMAX: 64,
} as const;

/** The name of a signal. */
export type SignalName = keyof typeof SignalNumber;

/** Whether a number names a signal, 1 to 64. */
export function isSignal(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= SignalNumber.SIGRTMAX;
}

/** Whether every instance that is sent is delivered, instead of one for all. */
export function isRealTime(signal: number): boolean {
  return signal >= SignalNumber.SIGRTMIN;
}
