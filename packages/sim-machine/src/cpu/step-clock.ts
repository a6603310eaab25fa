import { steadyWords } from '../base/steady-array.js';

/** Words of a step: the CPU that executes it, and the budget that was left when it was last charged. */
const CPU = 0;
const COUNTED = 1;

/**
 * Keeps the clock of the CPU that executes a step up to date inside the step.
 *
 * Executors count instructions in the budget that is left; a clock that was moved only when a step
 * ends would be wrong by the length of the step wherever the kernel looks at it. So whoever enters
 * the kernel brings it up to date first.
 */
export interface StepClock {
  /** A step begins on a CPU, with the budget it is about to be given. */
  readonly begin: (cpu: number, budget: number) => void;
  /** Charges what was executed since the last call, within the step and at its end. */
  readonly advance: () => void;
}

/**
 * Makes the clock of a machine; see `createRunLoop` for why it captures what it refers to.
 *
 * @param cycles the clock of every CPU
 * @param budget word 0: instructions that may still be executed, which count down while a thread executes
 * @param cyclesPerInstruction what an instruction costs, besides its memory access
 */
export function createStepClock(
  cycles: Float64Array,
  budget: Int32Array,
  cyclesPerInstruction: number,
): StepClock {
  // Not variables: those that closures share have to be looked at for whether they are there yet.
  const step = steadyWords(2);
  return {
    begin(cpu, given) {
      step[CPU] = cpu;
      step[COUNTED] = given;
    },
    advance() {
      const left = budget[0]!;
      const executed = step[COUNTED]! - left;
      step[COUNTED] = left;
      cycles[step[CPU]!]! += executed * cyclesPerInstruction;
    },
  };
}
