import { setFlagsFromString } from 'node:v8';

/**
 * How much V8 may inline into one function, in bytes of bytecode.
 *
 * A step of the machine goes through some forty small functions, more than the defaults put into one
 * piece of optimized code (920 in all). A compiled routine has 1,000 or so, more than is put into another
 * function at all by default (460). The limits are read whenever a function is optimized.
 */
const ENGINE_FLAGS = [
  '--max-inlined-bytecode-size=1500',
  '--max-inlined-bytecode-size-cumulative=5000',
  '--max-inlined-bytecode-size-absolute=20000',
];

/** Makes V8 inline more; for the whole process, worker threads included. See docs/decisions/0016 and 0046. */
export function tuneEngine(): void {
  for (const flag of ENGINE_FLAGS) setFlagsFromString(flag);
}
