/** Carries out a request on a thread that is stopped for the caller. */
export type StoppedRequest = (
  tracer: number,
  tracee: number,
  address: number,
  data: number,
) => number;
