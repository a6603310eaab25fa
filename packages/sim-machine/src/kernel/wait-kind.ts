/** What a sleeping thread waits for; with it goes a key whose meaning the kind decides. */
export const WaitKind = {
  None: 0,
  /** FUTEX_WAIT; the key is a bucket entry. */
  Futex: 1,
  /** clock_nanosleep; the key is a timer. */
  Sleep: 2,
  /** A major page fault; the key is the page. */
  Page: 3,
  /** wait4; the key is the pid asked for. */
  Child: 4,
  /** pause, sigsuspend, sigtimedwait. */
  Signal: 5,
  /** Stopped by a signal or a tracer. */
  Stop: 6,
} as const;

/** One of {@link WaitKind}. */
export type WaitKind = (typeof WaitKind)[keyof typeof WaitKind];

/** The name of a wait kind, for reports. */
export type WaitKindName = keyof typeof WaitKind;
