/** Frames of a stack trace that are kept: the user's lie below those of the libraries. */
const STACK_FRAMES = 50;

/** Makes stack traces long enough for the user's own frames, in this thread. */
export function keepStackFrames(): void {
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, STACK_FRAMES);
}
