import { setFlagsFromString } from 'node:v8';

/** What a process is for: one machine that runs long, many that each run shortly, or looking states up. */
export type EngineWork = 'run' | 'search' | 'states';

/**
 * How much V8 may inline into one function, in bytes of bytecode.
 *
 * A step of the machine goes through some forty small functions, more than the defaults put into one
 * piece of optimized code (920 in all). A compiled routine has 1,000 or so, more than is put into another
 * function at all by default (460), and the interpreter 2,900: where it becomes part of everything that
 * runs threads, code takes longer to make, which a search of short executions does not get back. A search
 * of states runs the machine for a few thousand phases alone, which small limits make ready soonest. The
 * limits are read whenever a function is optimized.
 */
const ENGINE_FLAGS: Readonly<Record<EngineWork, readonly string[]>> = {
  run: [
    '--max-inlined-bytecode-size=5000',
    '--max-inlined-bytecode-size-cumulative=12000',
    '--max-inlined-bytecode-size-absolute=20000',
  ],
  search: [
    '--max-inlined-bytecode-size=1500',
    '--max-inlined-bytecode-size-cumulative=5000',
    '--max-inlined-bytecode-size-absolute=20000',
  ],
  states: [
    '--max-inlined-bytecode-size=460',
    '--max-inlined-bytecode-size-cumulative=2000',
    '--max-inlined-bytecode-size-absolute=20000',
  ],
};

/** Makes V8 inline more, as the command does: what is measured is what it gives its users. */
export function tuneEngine(work: EngineWork): void {
  for (const flag of ENGINE_FLAGS[work]) setFlagsFromString(flag);
}
