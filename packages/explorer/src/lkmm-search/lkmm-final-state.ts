import { valueOfWord } from '../litmus/litmus-layout.js';
import type { FinalState } from '../litmus/final-state.js';
import type { CodeRegister } from '../lkmm/function-code.js';
import type { LoadedLkmm } from './load-lkmm.js';

/** The registers of the variables of a thread that are looked at in the end. */
export function observedRegisters(
  { test, functions }: LoadedLkmm,
  thread: number,
): readonly CodeRegister[] {
  return test.observed.flatMap((seen) =>
    seen.kind === 'register' && seen.thread === thread
      ? [functions[thread]!.registers.get(seen.register)!]
      : [],
  );
}

/**
 * The values of all that is looked at, when all threads have ended.
 *
 * @param wordAt a word of memory
 * @param variable what a thread's variable had, by its place among {@link observedRegisters}
 */
export function finalStateOf(
  loaded: LoadedLkmm,
  wordAt: (address: number) => number,
  variable: (thread: number, index: number) => number,
): FinalState {
  const { test, layout, functions } = loaded;
  return test.observed.map((seen) => {
    if (seen.kind === 'location') return valueOfWord(layout, wordAt(layout.get(seen.location)!));
    const { thread, register } = seen;
    const machineRegister = functions[thread]!.registers.get(register)!;
    const index = observedRegisters(loaded, thread).indexOf(machineRegister);
    return valueOfWord(layout, variable(thread, index));
  });
}
